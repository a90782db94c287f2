package org.imgblstr.protocol.slave;

import java.util.random.RandomGenerator;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.silence.Silence;
import org.imgblstr.protocol.silence.SilenceTimer;
import org.imgblstr.protocol.slave.disk.SlaveDisk;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a slave finds its master: boxes 401 to 403 of FIG. 4, from the first Drive Geometry to Confirm Download. One thread. */
final class HookUp {
    private static final Logger LOG = LoggerFactory.getLogger(HookUp.class);

    private static final long MS = 1_000_000;
    private static final long RSVP_FIRST_NS = 250 * MS;
    private static final long RSVP_LONGEST_NS = 2_000 * MS;
    private static final int RSVP_TRIES = 12;

    /** Five tries in vain: half of all datagrams may be lost, and one in 32 masters would be named wrongly. */
    private static final int NO_ANSWER_SECONDS = 5;

    /** The first RSVPs of a room are spread over 2 ms for each slave that is wanted, and over so much at most. */
    private static final long LONGEST_SPREAD_NS = 2_000 * MS;

    /**
     * A disk may be shorter than the source, whose unused tracks count all the same: 16 TiB with tracks of 256 KiB, for which the tables take
     * 32 MiB. More only where the disk has as many.
     */
    private static final int MOST_TRACKS = 1 << 26;

    private static final int USUAL_TRACK_BYTES = 256 << 10;

    private final SlaveConfig config;
    private final SlavePort port;
    private final SlaveDisk disk;
    private final SlaveCommands commands;
    private final RandomGenerator random;
    private final HeardSessions heard;
    private final SilenceTimer answer = new SilenceTimer(NO_ANSWER_SECONDS);
    private Announcement announced;
    private boolean isUnderWay;
    private boolean isChecking;
    private boolean isWithdrawn;
    private long openedNs;
    private long dueNs;
    private int tries;
    private int wanted;
    private Confirmation confirmation;

    HookUp(SlaveConfig config, SlaveSurroundings around, SlaveCommands commands) {
        this.config = config;
        this.port = around.port();
        this.disk = around.disk();
        this.commands = commands;
        this.random = around.random();
        this.heard = new HeardSessions(config.choice().listenNs());
    }

    void open(long nowNs) {
        heard.open(nowNs);
        openedNs = nowNs;
    }

    /** Nanoseconds to wait for a master yet; 0 or less when patience is over. */
    long patienceNs(long nowNs) {
        if (config.choice().patience().leftNs() == Long.MAX_VALUE || isChecking) {
            return Long.MAX_VALUE / 2;
        }
        return config.choice().patience().leftNs() - (nowNs - openedNs);
    }

    /** Takes the announcement of a session that this slave has not been through; the disk is to be checked then. */
    boolean onGeometry(DriveGeometryFlyweight geometry, long nowNs) {
        if (announced != null || !isForUs(geometry)) {
            return false;
        }
        announced = Announcement.of(geometry, nowNs);
        wanted = geometry.wanted();
        isUnderWay = geometry.state() != DriveGeometryFlyweight.State.WAITING;
        isChecking = true;
        LOG.info("slave 401: session {} of {} announced", Long.toHexString(announced.sessionId()), announced.master());
        return true;
    }

    /** Why the announced session has more tracks than this slave makes tables for; null when it has not. */
    String misfit() {
        long trackBytes = announced.image().space().geometry().trackBytes();
        long most = Math.max(MOST_TRACKS, config.deviceBytes() / USUAL_TRACK_BYTES + TrackSpace.MAX_REGIONS);
        return announced.trackCount() <= most
                ? null
                : "the image has " + announced.trackCount() + " tracks of " + trackBytes + " bytes, expected at most "
                        + most + " for a disk of " + config.deviceBytes() + " bytes; use a larger disk";
    }

    /** Takes note of a session that this slave might join. Returns whether there are several of them now. */
    boolean areSeveral(DriveGeometryFlyweight geometry, long nowNs) {
        if (isForUs(geometry)) {
            heard.onGeometry(geometry, nowNs);
        }
        return areSeveral(nowNs);
    }

    boolean areSeveral(long nowNs) {
        return heard.areSeveral(nowNs);
    }

    HeardSessions heard() {
        return heard;
    }

    /** Whether this slave has not been through the session, and is not to join one of another name. */
    boolean isForUs(DriveGeometryFlyweight geometry) {
        return !config.choice().endedSessions().contains(geometry.sessionId())
                && (config.choice().sessionName().isEmpty()
                        || config.choice().sessionName().equals(geometry.sessionName()));
    }

    /** Gives up the session that was about to be joined; waits for a master again, when the disk has answered. */
    void withdraw() {
        port.leaveData();
        answer.stop();
        isWithdrawn = isChecking;
        if (!isChecking) {
            announced = null;
        }
    }

    /** The disk has answered. Returns whether the session is still wanted. */
    boolean isStillWanted() {
        isChecking = false;
        if (isWithdrawn) {
            isWithdrawn = false;
            announced = null;
        }
        return announced != null;
    }

    /** The disk fits: joins the data group and waits for its turn. */
    void onChecked(long nowNs) {
        port.joinData(announced.dataGroup());
        long spreadNs = Math.min(LONGEST_SPREAD_NS, Math.max(1, wanted) * 2L * MS);
        dueNs = nowNs + random.nextLong(spreadNs);
        tries = 0;
    }

    /** Whether no RSVP was answered; the slave then waits for a master again. */
    boolean isGivenUp(long nowNs) {
        if (isConfirmed() || dueNs - nowNs > 0 || tries < RSVP_TRIES) {
            return false;
        }
        LOG.warn("the master did not answer when it was asked {} times: waiting for a master again", RSVP_TRIES);
        port.leaveData();
        announced = null;
        return true;
    }

    /** Sends an RSVP when it is time. Returns whether it did. */
    boolean repeatRsvp(long nowNs) {
        if (isConfirmed() || rsvpWaitNs(nowNs) > 0) {
            return false;
        }
        commands.rsvp(announced);
        answer.start(nowNs);
        dueNs = nowNs + Math.min(RSVP_LONGEST_NS, RSVP_FIRST_NS << Math.min(10, tries));
        tries++;
        return true;
    }

    /**
     * Returns nanoseconds to wait before the next RSVP. Other masters may still announce a session, and a padded
     * announcement may still prove that long datagrams arrive. Without this proof a slave that joins late would be
     * refused.
     */
    long rsvpWaitNs(long nowNs) {
        long proofNs = announced.path().proofWaitNs(config.maxSymbolBytes(), nowNs);
        long newestNs = port.newestNs(heard.firstNs(announced.sessionId(), nowNs), nowNs);
        long settleNs = heard.settleNs(newestNs, nowNs);
        return Math.max(dueNs - nowNs, Math.max(proofNs, settleNs));
    }

    /** One sentence for the operator about a refusal: what was expected, what was found, what to do. */
    String refusal(ConfirmDownloadFlyweight.Result why) {
        String session = "the session of " + announced.master().getAddress().getHostAddress();
        return switch (why) {
            case NOT_EXPECTED -> session + notExpected();
            case SYMBOL_SIZE -> session + tooLong();
            case FULL -> session + " has as many slaves as it takes; start this slave again for the next session";
            case GEOMETRY ->
                session + " has sectors of "
                        + announced.image().space().geometry().sectorBytes() + " bytes, but those of this disk have "
                        + config.sectorBytes() + "; use a disk of such sectors, or let imgblstr make one of the image"
                        + " (--download IMAGE --sector-size " + config.sectorBytes() + ")";
            case CODEC, VERSION ->
                session + " speaks another version of the protocol; install the same version of imgblstr on both";
            default -> session + " does not take this slave: " + why.reason();
        };
    }

    private String notExpected() {
        String mac = config.identity().machine().mac();
        return " expects other slaves: its list has no free place for the label '"
                + config.identity().label() + "'"
                + (mac.isEmpty() ? "" : " or the hardware address " + mac)
                + ", because no line names it or another slave has that place (the master says which)"
                + "; add a line for this slave to that list, or admit it with --force at the master";
    }

    private String tooLong() {
        DatagramPath path = announced.path();
        int takenBytes = config.maxSymbolBytes() + SectorDataFlyweight.OVERHEAD_BYTES + port.moreBytes();
        int usedBytes = path.isDecided() ? path.datagramBytes() + port.moreBytes() : Datagram.CONTROL_BYTES;
        boolean isInterface = takenBytes < usedBytes;
        return " uses datagrams of " + usedBytes + " bytes, but "
                + (isInterface ? "this interface takes " + takenBytes : "none that long has reached this machine")
                + "; set the MTU " + (isInterface ? "of this interface" : "of every switch port in between") + " to "
                + Datagram.mtuOf(usedBytes)
                + (path.isDecided() ? ", or start this slave before the session begins" : "");
    }

    /** That the master is heard and answers no RSVP, when it is time to say so; otherwise null. */
    Silence unanswered(long nowNs) {
        if (isConfirmed() || !heard.isHeard(announced.sessionId(), nowNs)) {
            return null;
        }
        long seconds = answer.take(nowNs);
        return seconds == 0 ? null : new Silence(Silence.What.NO_ANSWER, seconds, announced.master(), null);
    }

    /** Whether this answers the RSVP, and is the first to do so. */
    boolean isAnswer(ConfirmDownloadFlyweight confirm) {
        return confirm.isValid(announced.trackCount())
                && confirm.nonce() == config.identity().nonce()
                && !isConfirmed();
    }

    /** The master takes the slave: has the disk opened. */
    void onConfirm(ConfirmDownloadFlyweight confirm) {
        confirmation = new Confirmation(
                confirm.slave(),
                confirm.reportIntervalMs() * MS,
                confirm.joined(),
                Math.min(confirm.usedBytes(), announced.image().space().totalBytes()),
                confirm.isResume());
        disk.open(announced.image(), confirm.asked());
    }

    boolean isConfirmed() {
        return confirmation != null;
    }

    /** What the master confirmed; null before. */
    Confirmation confirmation() {
        return confirmation;
    }

    /** Index that the master gave; 0 before. */
    int slave() {
        return confirmation == null ? 0 : confirmation.slave();
    }

    /** Whether the session had begun when it was first heard. */
    boolean isUnderWay() {
        return isUnderWay;
    }

    /** The session; null while none was heard. */
    Announcement announced() {
        return announced;
    }

    /** Whether a datagram with these low 32 bits of the session id is of the session heard. */
    boolean isOf(int session) {
        return announced != null && announced.session() == session;
    }

    /** Whether this announces the session heard. */
    boolean isOf(DriveGeometryFlyweight geometry) {
        return announced != null && announced.sessionId() == geometry.sessionId();
    }
}
