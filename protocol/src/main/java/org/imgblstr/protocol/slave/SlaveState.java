package org.imgblstr.protocol.slave;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a slave is, by the boxes of FIG. 4 in which it rests; boxes 405 to 408 are passed within one call of the engine. */
public enum SlaveState {
    /** Nothing held; awaits a Drive Geometry that fits. */
    HOOK_UP(401),
    /** The geometry fits; awaits its turn to send RSVP. */
    SEND_RSVP(402),
    /** RSVP was sent; awaits Confirm Download, then the opening of the disk. */
    AWAIT_CONFIRM(403),
    /** The disk is open; awaits tracks. */
    DOWNLOAD(404),
    /** Every track is on the disk and synced; awaits Done. */
    FAREWELL(409),
    /** The result is known; awaits the acknowledgement of its Disconnect, or of its RSVP that says why it cannot take part. */
    GOODBYE(410),
    /** Nothing is held or awaited any more. */
    OVER(0);

    private static final Logger LOG = LoggerFactory.getLogger(SlaveState.class);

    private final int box;

    SlaveState(int box) {
        this.box = box;
    }

    /** Number of the box in FIG. 4; 0 for the end. */
    public int box() {
        return box;
    }

    /** The next state, said in the log; what FIG. 4 has no arrow for is a fault. */
    SlaveState become(SlaveState next, String because) {
        if (!mayBecome(next)) {
            throw new IllegalStateException(this + " may not become " + next + " (" + because + ")");
        }
        LOG.info("slave {} {} -> {} {}: {}", box, this, next.box, next, because);
        return next;
    }

    private boolean mayBecome(SlaveState next) {
        return switch (this) {
            case HOOK_UP -> next == SEND_RSVP || next == GOODBYE || next == OVER;
            case SEND_RSVP -> next == AWAIT_CONFIRM || next == HOOK_UP || next == OVER;
            case AWAIT_CONFIRM -> next == DOWNLOAD || next == HOOK_UP || next == GOODBYE || next == OVER;
            case DOWNLOAD -> next == FAREWELL || next == GOODBYE || next == OVER;
            case FAREWELL -> next == DOWNLOAD || next == GOODBYE || next == OVER;
            case GOODBYE -> next == OVER;
            case OVER -> false;
        };
    }
}
