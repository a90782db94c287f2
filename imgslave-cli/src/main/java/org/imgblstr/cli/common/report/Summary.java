package org.imgblstr.cli.common.report;

import java.util.List;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SlaveResult;

/**
 * How a run ended.
 *
 * @param exitCode one of {@link ExitCode}
 * @param seconds from the first byte to the end
 * @param bytesImaged bytes of the imaged regions, zeros and unused space included
 * @param bytesUsed used bytes of them that were read or received as data
 * @param wireBytes bytes on the wire, Ethernet, IP and UDP headers included; 0 without a network
 * @param slaves one for each slave that ever joined
 * @param refused those that heard the session and could not take part
 * @param unreadable what of the source could not be read
 */
public record Summary(
        int exitCode,
        double seconds,
        long bytesImaged,
        long bytesUsed,
        long wireBytes,
        List<SlaveResult> slaves,
        List<RefusedSlave> refused,
        Unreadable unreadable) {
    public Summary {
        slaves = List.copyOf(slaves);
        refused = List.copyOf(refused);
    }

    /** Of a run that has no slaves that could be refused. */
    public Summary(
            int exitCode, double seconds, long bytesImaged, long bytesUsed, long wireBytes, List<SlaveResult> slaves) {
        this(exitCode, seconds, bytesImaged, bytesUsed, wireBytes, slaves, List.of(), Unreadable.NOTHING);
    }

    /** Used bytes a second. */
    public double goodput() {
        return seconds > 0 ? bytesUsed / seconds : 0;
    }
}
