package org.imgblstr.protocol.master.sending;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.contract.ExpectedSlaves;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlowPolicy;
import org.imgblstr.protocol.wire.Datagram;

/**
 * What a master's engine is told at its start.
 *
 * @param offer the session, as it is announced
 * @param symbols how long symbols are
 * @param addresses where datagrams go
 * @param start when the pass begins
 * @param rateBitsPerSecond 0 adapts
 * @param slow what a slave that cannot keep up gets
 * @param repairWindow tracks behind the newest that the supply holds at least
 */
public record MasterConfig(
        Offer offer,
        SymbolLengths symbols,
        Addresses addresses,
        StartRule start,
        long rateBitsPerSecond,
        SlowPolicy slow,
        int repairWindow) {

    /** Whether slaves have proven a secret, and one of them may still be another than it says. */
    public boolean isSealed() {
        return symbols.moreBytes() > 0;
    }

    /**
     * A session as it is announced.
     *
     * @param sessionId random
     * @param sessionName the name that the operator gave the session, "" when none; at most 64 bytes of UTF-8
     * @param image what is transferred
     * @param codecs that may occur: bit n is codec n
     * @param delta whether the pass is only digests and slaves ask for what their disks lack
     * @param asked what each slave is to do with its disk once it is complete
     */
    public record Offer(
            long sessionId, String sessionName, SessionImage image, int codecs, boolean delta, AfterCopy.Choice asked) {
        /** Of slaves whose disks stay as they are. */
        public Offer(long sessionId, String sessionName, SessionImage image, int codecs, boolean delta) {
            this(sessionId, sessionName, image, codecs, delta, AfterCopy.Choice.NONE);
        }

        /** The low half of the session id, which is in every datagram. */
        public int sessionBits() {
            return (int) sessionId;
        }
    }

    /**
     * How long symbols are.
     *
     * @param leastBytes S that is used when no more is proven
     * @param largestBytes the longest S that may be used, when the path to every slave is proven to carry it; {@code leastBytes} or more
     * @param moreBytes by which datagrams are longer on the wire than in the open layout: 12 in a sealed session, else 0
     */
    public record SymbolLengths(int leastBytes, int largestBytes, int moreBytes) {
        /** Packets that paths are known for: jumbo frames without a tunnel's headers, Ethernet, PPPoE, GRE, VXLAN, WireGuard and others. */
        private static final int[] KNOWN_MTUS = {
            9000, 8950, 8896, 8000, 4000, 2000, 1500, 1492, 1476, 1450, 1440, 1420, 1400, 1380, 1360, 1320, 1280
        };

        /** Of an open session. */
        public SymbolLengths(int leastBytes, int largestBytes) {
            this(leastBytes, largestBytes, 0);
        }

        /** Nothing is to be proven: S is this. */
        public static SymbolLengths of(int bytes) {
            return new SymbolLengths(bytes, bytes);
        }

        /** All that S may become, longest first. */
        public List<Integer> candidates() {
            List<Integer> candidates = new ArrayList<>();
            candidates.add(largestBytes);
            for (int mtu : KNOWN_MTUS) {
                int symbol = Datagram.symbolBytes(mtu) - moreBytes;
                if (symbol < largestBytes && symbol > leastBytes) {
                    candidates.add(symbol);
                }
            }
            if (leastBytes < largestBytes) {
                candidates.add(leastBytes);
            }
            return List.copyOf(candidates);
        }
    }

    /**
     * Where datagrams go.
     *
     * @param dataGroup where data goes
     * @param node hardware address of the master, 0 when there is none
     */
    public record Addresses(InetSocketAddress dataGroup, long node) {}

    /**
     * When the pass begins.
     *
     * @param slavesWanted starts as soon as so many are ready; 0: not by number
     * @param waitNs starts after so long with {@code minSlaves}; Long.MAX_VALUE: not by time
     * @param minSlaves at least 1
     * @param expected which slaves; with a list the pass starts as soon as all of them are ready, instead of {@code slavesWanted}
     */
    public record StartRule(int slavesWanted, long waitNs, int minSlaves, ExpectedSlaves expected) {
        /** Whoever comes is welcome. */
        public StartRule(int slavesWanted, long waitNs, int minSlaves) {
            this(slavesWanted, waitNs, minSlaves, ExpectedSlaves.ANYBODY);
        }

        /** Whether the pass begins after some time, whoever has joined. */
        public boolean isByTime() {
            return waitNs != Long.MAX_VALUE;
        }
    }
}
