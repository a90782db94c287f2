package org.imgblstr.protocol.session;

import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SlaveResult;

/** Told what happens to a master's session, by its event loop: answers must be quick and must not block. */
public interface MasterListener {
    /** All sockets are open, and nothing was heard yet. */
    default void onOpen() {}

    void onSlaveJoined(SlaveProgress slave);

    void onSlaveLeft(SlaveProgress slave, String reason);

    /** One that {@link #onSlaveLeft} told takes part again; {@code what}: a sentence without its subject. */
    void onSlaveBack(SlaveProgress slave, String what);

    /** Data begins to flow to {@code slaveCount} slaves. */
    void onStarted(int slaveCount);

    void onSlaveResult(SlaveResult result);

    /** A slave heard the session and cannot take part: why, and what to do. */
    void onSlaveRefused(RefusedSlave slave);

    /** Something that the operator may want to know and need not mend. */
    void onNote(String message);

    void onWarning(String message);
}
