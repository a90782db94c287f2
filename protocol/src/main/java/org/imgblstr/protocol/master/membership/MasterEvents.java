package org.imgblstr.protocol.master.membership;

import java.net.InetSocketAddress;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.master.slaves.SlaveChange;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.silence.Silence;

/** Told what happens to the master's engine, within its calls. */
public interface MasterEvents {
    void onJoined(SlaveEntry slave);

    /** A slave cannot take part; {@code because}: what was expected, what was found and what to do, for the operator. */
    void onRefused(RefusedSlave slave);

    /** Another master announces a session on the same group, and slaves cannot tell which one is meant. */
    void onOtherMaster(InetSocketAddress at, String sessionName);

    /** A slave left, fell silent, came back or was postponed. */
    void onChanged(SlaveEntry slave, SlaveChange what);

    /** Something about a slave that its operator should mend; it goes on. */
    void onWarning(SlaveEntry slave, String what);

    /** No slave is heard. */
    void onSilence(Silence silence);

    /** Data begins to flow. */
    void onStarted(int slaveCount);

    /** A slave said how it ended, or was given up. */
    void onEnded(SlaveEntry slave);

    /** The engine is over. */
    void onOver(MasterEnd end);

    /** How a master's engine can end. */
    enum MasterEnd {
        /** Every slave that joined has said how it ended or was given up. */
        FINISHED,
        /** Nobody joined in time. */
        NOBODY_ANSWERED,
        /** The operator or the program gave up. */
        ABORTED
    }
}
