package org.imgblstr.protocol.slave;

import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.imgblstr.protocol.wire.SectorDataFlyweight;

/**
 * What a slave knows of the way from its master: S, once that is decided, and how long datagrams come through, of which padded announcements
 * are the proof (docs/protocol.md, section 5.1). It learns as long as the session lasts. One thread.
 */
final class DatagramPath {
    /** Three padded announcements and most of a pause: if none of them comes, none will. */
    private static final long PROOF_NS = 1_400_000_000L;

    private int symbolBytes;
    private boolean needsProof;
    private int longestHeard;
    private long decidedNs;

    /** Takes a sound announcement of the session into account. Returns whether it says something new. */
    boolean onGeometry(DriveGeometryFlyweight geometry, long nowNs) {
        boolean isLongest = geometry.length() > longestHeard;
        longestHeard = Math.max(longestHeard, geometry.length());
        if (isDecided() || !geometry.isSymbolSizeDecided()) {
            return isLongest;
        }
        symbolBytes = geometry.symbolBytes();
        needsProof = geometry.probeBytes() > 0;
        decidedNs = nowNs;
        return true;
    }

    /** Whether S is known; no data can be read before. */
    boolean isDecided() {
        return symbolBytes > 0;
    }

    /** S; 0 while it is not decided. */
    int symbolBytes() {
        return symbolBytes;
    }

    /** Bytes of Sector Data with a full symbol; only when S is decided. */
    int datagramBytes() {
        return symbolBytes + SectorDataFlyweight.OVERHEAD_BYTES;
    }

    /** Bytes of the longest announcement that has come. */
    int longestHeard() {
        return longestHeard;
    }

    /** Nanoseconds that a slave which takes {@code largestSymbol} does well to wait for a padded announcement; 0 or less: no longer. */
    long proofWaitNs(int largestSymbol, long nowNs) {
        boolean isWorthIt = needsProof && longestHeard < datagramBytes() && symbolBytes <= largestSymbol;
        return isWorthIt ? PROOF_NS - (nowNs - decidedNs) : 0;
    }
}
