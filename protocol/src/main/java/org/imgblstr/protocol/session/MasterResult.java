package org.imgblstr.protocol.session;

import java.util.List;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SlaveResult;

/**
 * How a master's session ended.
 *
 * @param sessionId 64 bits
 * @param wireBytes bytes on the wire, Ethernet, IP and UDP headers included
 * @param seconds from the start of data to the end
 * @param slaves one for each slave that ever joined
 * @param refused those that heard the session and could not take part; at most 100
 */
public record MasterResult(
        long sessionId, long wireBytes, double seconds, List<SlaveResult> slaves, List<RefusedSlave> refused) {
    /** Whether every slave that joined has every byte. */
    public boolean isComplete() {
        return slaves.stream().allMatch(slave -> slave.result() == SlaveResult.Result.COMPLETE);
    }
}
