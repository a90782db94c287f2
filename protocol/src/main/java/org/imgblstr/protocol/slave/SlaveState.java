package org.imgblstr.protocol.slave;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a slave is, by the boxes of FIG. 4 in which it rests; boxes 405 to 408 are passed within one call of the engine. */
public enum SlaveState {
    /** Box 401: nothing held; awaits a Drive Geometry that fits. */
    HOOK_UP,
    /** Box 402: the geometry fits; awaits its turn to send RSVP. */
    SEND_RSVP,
    /** Box 403: RSVP was sent; awaits Confirm Download, then the opening of the disk. */
    AWAIT_CONFIRM,
    /** Box 404: the disk is open; awaits tracks. */
    DOWNLOAD,
    /** Box 409: every track is on the disk and synced; awaits Done. */
    FAREWELL,
    /** Box 410: the result is known; awaits the acknowledgement of its Disconnect, or of its RSVP that says why it cannot take part. */
    GOODBYE,
    /** Nothing is held or awaited any more. */
    OVER;

    private static final Logger LOG = LoggerFactory.getLogger(SlaveState.class);

    /** The next state, said in the log; what FIG. 4 has no arrow for is a fault. */
    SlaveState become(SlaveState next, String because) {
        if (!mayBecome(next)) {
            throw new IllegalStateException(this + " may not become " + next + " (" + because + ")");
        }
        LOG.info("slave: {}", because);
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
