package org.imgblstr.protocol.session;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.contract.Rendezvous;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.slave.SessionChoice;
import org.imgblstr.protocol.slave.SlaveConfig;
import org.imgblstr.protocol.slave.SlaveIdentity;
import org.imgblstr.protocol.slave.disk.TargetOpener;

/**
 * How a slave listens.
 *
 * @param rendezvous where it listens for masters
 * @param waitTime gives up when no master appears for so long; null waits for ever
 * @param label the name shown to the operator, at most 64 bytes of UTF-8
 * @param slaveId the same for the same machine and device
 * @param machine what it runs on and what it overwrites; the session adds the hardware address of its interface
 * @param verification how much of what was written is read back
 * @param windowTracks slots: tracks that are held in memory at most
 */
public record SlaveOptions(
        Rendezvous rendezvous,
        Duration waitTime,
        String label,
        UUID slaveId,
        SlaveMachine machine,
        Verification verification,
        int windowTracks) {
    /** Which session is joined, and when. */
    private SessionChoice choice(long patienceNs, Set<Long> ended, boolean takesOpen) {
        return new SessionChoice(
                rendezvous.sessionName(),
                new SessionChoice.Patience(waitTime, patienceNs),
                SessionChoice.LISTEN_NS,
                ended,
                takesOpen);
    }

    /**
     * What the engine is told.
     *
     * @param machineThere with the hardware address of the interface
     * @param patienceNs what is left of the time to wait
     * @param ended sessions that this slave has been through
     * @param network what it carries, and whether open sessions are joined
     */
    SlaveConfig config(
            long nonce,
            SlaveMachine machineThere,
            long patienceNs,
            Set<Long> ended,
            TargetOpener target,
            SlaveNetwork network) {
        return new SlaveConfig(
                new SlaveIdentity(slaveId, nonce, label, machineThere),
                choice(patienceNs, ended, network.takesOpen()),
                target.deviceBytes(),
                target.sectorBytes(),
                windowTracks,
                network.maxSymbolBytes(),
                verification.readsBack());
    }
}
