package org.imgblstr.cli.slave;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.imgblstr.cli.common.grow.GrowCheck;
import org.imgblstr.cli.common.identity.Identity;
import org.imgblstr.cli.common.identity.Machine;
import org.imgblstr.cli.common.identity.Wish;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.target.Completion;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.protocol.contract.AfterCopy;

/**
 * What is done with the disk when it is complete: what the options of this slave say and, of a kind that they do not name, what the master of a
 * sealed session asks for. Immutable. Specification: docs/identity.md, section 8.
 */
final class Ending {
    private final Completion own;
    private final Supplier<Machine> machine;
    private final Function<AfterCopy, String> rights;
    private final boolean isAskedTaken;

    /**
     * @param own what the options of this slave say
     * @param machine which machine this is; asked when the disk is complete, on any thread
     * @param rights why this machine cannot do that, a clause; "" when it can
     * @param isAskedTaken whether a master can ask for anything: its sessions are sealed
     */
    Ending(Completion own, Supplier<Machine> machine, Function<AfterCopy, String> rights, boolean isAskedTaken) {
        this.own = own;
        this.machine = machine;
        this.rights = rights;
        this.isAskedTaken = isAskedTaken;
    }

    /** What the options of this slave say. */
    Completion own() {
        return own;
    }

    /** Whether a session may bring more than the options of this slave say. */
    boolean isAskedTaken() {
        return isAskedTaken;
    }

    /** What is left of {@code asked} behind the options of this slave. */
    private AfterCopy lacking(AfterCopy asked) {
        if (!isAskedTaken) {
            return AfterCopy.NOTHING;
        }
        return new AfterCopy(
                own.grow() == null ? asked.grow() : null,
                asked.newIds() && !own.own().wish().newIds(),
                own.own().wish().hostName() == null ? asked.hostName() : null);
    }

    /**
     * What is done in a session in which the master asks for this.
     *
     * @throws RefusedException when no machine can have such a host name: nothing was written
     */
    Completion with(AfterCopy asked) throws RefusedException {
        AfterCopy more = lacking(asked);
        String lack = more.isNothing() ? "" : rights.apply(more);
        if (more.isNothing() || !lack.isEmpty()) {
            String clause = lack.isEmpty() ? "" : "it was not adapted as the master asks: " + lack;
            return new Completion(own.grow(), own.own(), clause);
        }
        Wish said = own.own().wish();
        Wish wish = new Wish(
                said.newIds() || more.newIds(),
                more.hostName() == null ? said.hostName() : more.hostName(),
                said.hooks());
        try {
            String grow = more.grow() == null ? own.grow() : more.grow();
            return new Completion(grow, new Identity(wish, machine));
        } catch (CliException e) {
            throw new RefusedException(
                    RefusedException.Reason.UNSAFE,
                    "the master asks for what no slave can do: " + e.getMessage() + "; nothing was written");
        }
    }

    /** Why this user cannot do that here, a clause; "" when all is well. {@code isFile}: whether the disk is a regular file. */
    static String lackingRights(AfterCopy more, boolean isFile) {
        String lack = more.grow() == null ? "" : GrowCheck.lackingRights(isFile);
        return lack.isEmpty() && (more.newIds() || more.hostName() != null) ? Identity.lackingRights(isFile) : lack;
    }

    /**
     * What the operator of this slave is told of what the master asks for; "" for nothing.
     *
     * @param ending what {@link #with} has made of it
     * @param isLonger whether the disk has room that the image does not fill
     */
    String note(AfterCopy asked, Completion ending, boolean isLonger) {
        AfterCopy more = lacking(asked);
        if (asked.isNothing() || !isAskedTaken) {
            return "";
        }
        List<String> own = new ArrayList<>();
        if (asked.grow() != null && more.grow() == null) {
            own.add("--grow");
        }
        if (asked.hostName() != null && more.hostName() == null) {
            own.add("--hostname");
        }
        AfterCopy named = more.hostName() == null
                ? asked
                : asked.withHostName(ending.lack().isEmpty() ? ending.own().hostNameText() : asked.hostName());
        return "the master asks: " + named.text()
                + (own.isEmpty() ? "" : "; this slave has its own " + String.join(" and ", own) + ", which counts")
                + (more.grow() == null || isLonger ? "" : "; the disk is not longer than the source, so nothing grows");
    }

    /** What of it will fail here, one sentence each. */
    List<String> warnings(AfterCopy asked, Completion ending) {
        if (!isAskedTaken) {
            return asked.isNothing()
                    ? List.of()
                    : List.of("the master asks: " + asked.text() + "; a slave of an open session does nothing of that:"
                            + " start it with these options, or seal the session");
        }
        if (!ending.lack().isEmpty()) {
            return List.of(ending.lack() + "; the disk will be a copy byte for byte, with exit code 3");
        }
        AfterCopy more = lacking(asked);
        List<String> found = new ArrayList<>();
        if (more.grow() != null) {
            found.add(GrowCheck.missingTools("the master asks for --grow"));
        }
        if (more.newIds()) {
            found.add(ending.own().missingTools("the master asks for --new-ids"));
        }
        found.removeIf(String::isEmpty);
        return found;
    }
}
