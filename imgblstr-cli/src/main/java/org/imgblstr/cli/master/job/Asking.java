package org.imgblstr.cli.master.job;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.cli.common.grow.GrowCheck;
import org.imgblstr.cli.common.identity.HostNames;
import org.imgblstr.cli.common.identity.Machine;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.contract.PlainText;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.SlaveResult;

/** What the slaves of a run are asked to do with their disks once these are complete. Immutable. Specification: docs/identity.md, section 8. */
public final class Asking implements AfterCopy.Choice {
    /** Slaves that one line names. */
    private static final int MOST_NAMED = 20;

    /** What a slave says is in clauses. */
    private static final String CLAUSE = "; ";

    private static final String KEPT = "keeps the host name of the image: ";

    private final Job job;
    private final AfterCopy general;

    /** Host names of single machines; null when there is no list. */
    private final HostNames list;

    private Asking(Job job, AfterCopy general, HostNames list) {
        this.job = job;
        this.general = general;
        this.list = list;
    }

    /**
     * What a job asks for.
     *
     * @param isSealed whether its session is, so that slaves know who asks
     * @throws CliException exit code 2: slaves are asked for something that cannot be, or in an open session
     */
    public static Asking of(Job job, boolean isSealed) {
        boolean isWanted =
                job.mode().broadcasts() && (job.grow() != null || job.wish().changesDisk());
        if (isWanted && !isSealed && !job.mode().writesDisk()) {
            throw CliException.usage(
                    option(job) + " cannot be used together with --open: a slave of an open session does"
                            + " not know who asks it; say it at imgslave, or leave --open out");
        }
        if (!isWanted || !isSealed) {
            return new Asking(job, AfterCopy.NOTHING, null);
        }
        String name = job.wish().hostName();
        HostNames names = name == null ? null : HostNames.parse(name);
        boolean isList = name != null && name.startsWith("@");
        String pattern = isList ? null : name;
        if (!AfterCopy.canBeName(pattern)) {
            throw CliException.usage(
                    "--hostname: expected at most " + AfterCopy.MOST_NAME_BYTES + " bytes, found " + pattern.length());
        }
        if (!AfterCopy.canGrow(job.grow())) {
            throw CliException.usage("--grow: expected at most " + AfterCopy.MOST_GROW_BYTES
                    + " bytes of printable UTF-8, found '" + PlainText.of(job.grow()) + "'");
        }
        return new Asking(job, new AfterCopy(job.grow(), job.wish().newIds(), pattern), isList ? names : null);
    }

    private static String option(Job job) {
        return job.grow() != null ? "--grow" : job.wish().option();
    }

    /**
     * Checks that the image is one of a whole disk, where slaves are asked for anything.
     *
     * @throws RefusedException exit code 10
     */
    public void check(TrackSpace space) throws RefusedException {
        if (!isNothing()) {
            GrowCheck.checkWhole(job.image() == null ? job.disk() : job.image().toString(), space, option(job));
        }
    }

    private boolean isNothing() {
        return general.isNothing() && list == null;
    }

    @Override
    public AfterCopy of(SlaveName slave) {
        return list == null ? general : general.withHostName(listed(slave));
    }

    /** The name that the list has for a machine; null when it has none. */
    private String listed(SlaveName slave) {
        try {
            return list.of(new Machine(
                    slave.slave(),
                    slave.label(),
                    slave.machine().mac(),
                    slave.machine().serial()));
        } catch (ToolException e) {
            return null;
        }
    }

    @Override
    public String remark(SlaveName slave) {
        if (list == null || listed(slave) != null) {
            return "";
        }
        String mac = slave.machine().mac();
        return slave.describe() + " " + KEPT + file() + " has neither its label"
                + (mac.isEmpty() ? "" : " nor its hardware address " + mac);
    }

    /** A slave that kept the host name of the image has that in its words; the words of others stay. */
    @Override
    public SlaveResult told(SlaveResult ended) {
        if (!keptName(ended) || ended.message().endsWith(kept())) {
            return ended;
        }
        String before = ended.message().isEmpty() ? "" : ended.message() + CLAUSE;
        return ended.withMessage(before + kept());
    }

    private String kept() {
        return KEPT + file() + " does not name it";
    }

    /** Whether the slave is complete and neither the list nor an option of its own has given it a host name. */
    private boolean keptName(SlaveResult ended) {
        boolean isUnnamed =
                list != null && ended.result() == SlaveResult.Result.COMPLETE && listed(ended.who()) == null;
        return isUnnamed
                && Stream.of(ended.message().split(CLAUSE)).noneMatch(clause -> clause.startsWith(AfterCopy.HOST_NAME));
    }

    /** How many slaves of a run kept the host name of the image, and which, in one line; "" for none. {@code slaves}: also as {@link #told} gives them. */
    public String unnamed(List<SlaveResult> slaves) {
        List<SlaveName> kept =
                slaves.stream().filter(this::keptName).map(SlaveResult::who).toList();
        if (kept.isEmpty()) {
            return "";
        }
        String names = kept.stream().limit(MOST_NAMED).map(SlaveName::describe).collect(Collectors.joining(", "));
        String more = kept.size() > MOST_NAMED ? " and " + (kept.size() - MOST_NAMED) + " more" : "";
        return kept.size() + " of " + Units.count(slaves.size(), "slave") + (kept.size() == 1 ? " keeps" : " keep")
                + " the host name of the image, because " + file() + " does not name "
                + (kept.size() == 1 ? "it: " : "them: ") + names + more;
    }

    private String file() {
        return PlainText.of(job.wish().hostName().substring(1));
    }

    /** What a plan says of slaves, behind who they are: the end of a sentence; "" for nothing. */
    public String clause() {
        if (!isNothing()) {
            String names =
                    list == null ? "" : (general.isNothing() ? "" : ", ") + "the host name that " + file() + " has";
            boolean isOneName =
                    general.hostName() != null && !general.hostName().contains("{");
            String same = isOneName ? "; all slaves get this one host name: {index} in it makes them differ" : "";
            String hooks = job.wish().hooks().isEmpty() ? "" : "; hooks run on this machine only";
            return ", and is asked for this when it is complete: " + general.text() + names + same + hooks;
        }
        boolean isOwnAdapted = job.mode().broadcasts() && job.isFinishing();
        return isOwnAdapted ? "; what is done with the own disk afterwards is not asked of them" : "";
    }
}
