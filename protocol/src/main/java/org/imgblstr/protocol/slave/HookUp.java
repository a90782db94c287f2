package org.imgblstr.protocol.slave;

import java.util.random.RandomGenerator;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight;
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

    /** The first RSVPs of a room are spread over 2 ms for each slave that is wanted, and over so much at most. */
    private static final long LONGEST_SPREAD_NS = 2_000 * MS;

    private final SlaveConfig config;
    private final SlavePort port;
    private final SlaveCommands commands;
    private final RandomGenerator random;
    private Announcement announced;
    private boolean isUnderWay;
    private boolean isChecking;
    private long openedNs;
    private long dueNs;
    private int tries;
    private int slave;

    HookUp(SlaveConfig config, SlavePort port, SlaveCommands commands, RandomGenerator random) {
        this.config = config;
        this.port = port;
        this.commands = commands;
        this.random = random;
    }

    void open(long nowNs) {
        openedNs = nowNs;
    }

    /** Nanoseconds to wait for a master yet; 0 or less when patience is over. */
    long patienceNs(long nowNs) {
        if (config.waitNs() == Long.MAX_VALUE || isChecking) {
            return Long.MAX_VALUE / 2;
        }
        return config.waitNs() - (nowNs - openedNs);
    }

    /** Takes the announcement of a session that this slave has not been through, and has the disk checked. */
    boolean onGeometry(DriveGeometryFlyweight geometry, long nowNs) {
        if (announced != null || config.endedSessions().contains(geometry.sessionId())) {
            return false;
        }
        announced = Announcement.of(geometry, nowNs);
        isUnderWay = geometry.state() != DriveGeometryFlyweight.State.WAITING;
        isChecking = true;
        LOG.info("slave 401: session {} of {} announced", Long.toHexString(announced.sessionId()), announced.master());
        port.check(announced.image());
        return true;
    }

    /** The disk fits: joins the data group and waits for its turn. */
    void onChecked(long nowNs) {
        isChecking = false;
        port.joinData(announced.dataGroup());
        long spreadNs = Math.min(LONGEST_SPREAD_NS, Math.max(1, announced.wanted()) * 2L * MS);
        dueNs = nowNs + random.nextLong(spreadNs);
        tries = 0;
    }

    /** Whether no RSVP was answered; the slave then waits for a master again. */
    boolean isGivenUp(long nowNs) {
        if (isConfirmed() || dueNs - nowNs > 0 || tries < RSVP_TRIES) {
            return false;
        }
        LOG.warn("no answer to {} RSVPs: waiting for a master again", RSVP_TRIES);
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
        dueNs = nowNs + Math.min(RSVP_LONGEST_NS, RSVP_FIRST_NS << Math.min(10, tries));
        tries++;
        return true;
    }

    /** A slave that joins late and has yet to hear that long datagrams reach it would be refused. */
    long rsvpWaitNs(long nowNs) {
        return Math.max(dueNs - nowNs, announced.path().proofWaitNs(config.maxSymbolBytes(), nowNs));
    }

    /** One sentence for the operator about a refusal: what was expected, what was found, what to do. */
    String refusal(ConfirmDownloadFlyweight.Result why) {
        Path path = announced.path();
        if (why != ConfirmDownloadFlyweight.Result.SYMBOL_SIZE || !path.isDecided()) {
            return "the master does not take this slave: " + why;
        }
        int takenBytes = config.maxSymbolBytes() + SectorDataFlyweight.OVERHEAD_BYTES;
        boolean isInterface = takenBytes < path.datagramBytes();
        return "the session of " + announced.master().getAddress().getHostAddress() + " sends datagrams of "
                + path.datagramBytes() + " bytes, "
                + (isInterface ? "this interface takes " + takenBytes : "none so long comes here")
                + "; raise the MTU " + (isInterface ? "here" : "of the switch ports between") + " to "
                + (path.datagramBytes() + 28) + ", or start this slave before the session begins";
    }

    /** Whether this answers the RSVP, and is the first to do so. */
    boolean isAnswer(ConfirmDownloadFlyweight confirm) {
        return confirm.isValid(announced.trackCount()) && confirm.nonce() == config.nonce() && !isConfirmed();
    }

    /** The master takes the slave: has the disk opened. */
    void onConfirm(ConfirmDownloadFlyweight confirm) {
        slave = confirm.slave();
        announced = announced.confirmed(confirm.reportIntervalMs() * MS, confirm.joined(), confirm.isResume());
        port.open(announced.image());
    }

    boolean isConfirmed() {
        return slave != 0;
    }

    /** Index that the master gave; 0 before. */
    int slave() {
        return slave;
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
