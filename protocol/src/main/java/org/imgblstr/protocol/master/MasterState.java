package org.imgblstr.protocol.master;

import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a master is, by the boxes of FIG. 3 in which it rests; the other boxes are passed within one call of the engine. */
public enum MasterState {
    /** Box 301: nothing announced yet; awaits {@code open}. */
    WAIT_FOR_SLAVES,
    /** Box 302: announces the geometry and adds slaves (303); awaits the start rule or the operator. */
    SEND_GEOMETRY,
    /** Box 305: sends the tracks of the pass (304, 306) and repairs within the window (307); awaits the last track. */
    SEND_ALL_TRACKS,
    /** Box 308: all tracks were sent; repeats End of Data (309) and repairs (307); awaits that every slave lacks nothing. */
    CATCH_UP,
    /** Box 310: says Done (312) and takes Disconnects (311); awaits the last slave. */
    FAREWELL,
    /** Nothing is held or awaited any more. */
    OVER;

    private static final Logger LOG = LoggerFactory.getLogger(MasterState.class);

    /** Whether tracks are sent. */
    boolean isUnderWay() {
        return this == SEND_ALL_TRACKS || this == CATCH_UP;
    }

    /** As slaves are told it. */
    DriveGeometryFlyweight.State onTheWire() {
        return switch (this) {
            case WAIT_FOR_SLAVES, SEND_GEOMETRY -> DriveGeometryFlyweight.State.WAITING;
            case SEND_ALL_TRACKS -> DriveGeometryFlyweight.State.SENDING;
            case CATCH_UP -> DriveGeometryFlyweight.State.CATCH_UP;
            case FAREWELL, OVER -> DriveGeometryFlyweight.State.FAREWELL;
        };
    }

    /** The next state, said in the log; what FIG. 3 has no arrow for is a fault. */
    MasterState become(MasterState next, String because) {
        if (!mayBecome(next)) {
            throw new IllegalStateException(this + " may not become " + next + " (" + because + ")");
        }
        LOG.info("master: {}", because);
        return next;
    }

    private boolean mayBecome(MasterState next) {
        return switch (this) {
            case WAIT_FOR_SLAVES -> next == SEND_GEOMETRY || next == OVER;
            case SEND_GEOMETRY -> next == SEND_ALL_TRACKS || next == OVER;
            case SEND_ALL_TRACKS -> next == CATCH_UP || next == OVER;
            case CATCH_UP -> next == FAREWELL || next == OVER;
            case FAREWELL -> next == CATCH_UP || next == OVER;
            case OVER -> false;
        };
    }
}
