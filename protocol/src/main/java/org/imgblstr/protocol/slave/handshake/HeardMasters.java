package org.imgblstr.protocol.slave.handshake;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.imgblstr.sealing.schedule.Hello;
import org.imgblstr.sealing.schedule.SessionSeal;

/** The sealed sessions that a slave hears and may join, eight at most. One thread. */
final class HeardMasters implements AutoCloseable {
    private static final long MS = 1_000_000;

    /** The first RSVPs of a room are spread over 2 ms for each slave that is wanted, and over so much at most. */
    private static final long LONGEST_SPREAD_NS = 2_000 * MS;

    private static final int MOST = 8;

    private final SessionSeal seal;
    private final long nonce;
    private final RandomGenerator random;
    private final List<HeardMaster> masters = new ArrayList<>();
    private long newestNs;

    /** {@code nonce}: that of the slave's RSVPs. */
    HeardMasters(SessionSeal seal, long nonce, RandomGenerator random) {
        this.seal = seal;
        this.nonce = nonce;
        this.random = random;
    }

    /** The session with these low 32 bits of its id; null when there is none. */
    HeardMaster of(int session) {
        for (int i = 0; i < masters.size(); i++) {
            if ((int) masters.get(i).sessionId() == session) {
                return masters.get(i);
            }
        }
        return null;
    }

    List<HeardMaster> all() {
        return masters;
    }

    /** Begins with a session. {@code wanted}: slaves that it waits for. */
    void add(long sessionId, Hello hello, InetSocketAddress address, int wanted, long nowNs) {
        if (masters.size() >= MOST) {
            return;
        }
        long spreadNs = Math.min(LONGEST_SPREAD_NS, Math.max(1, wanted) * 2L * MS);
        Optional<Approach> approach = Approach.of(seal, sessionId, hello, nonce);
        approach.ifPresent(begun -> {
            newestNs = nowNs;
            masters.add(new HeardMaster(sessionId, begun, address, nowNs + random.nextLong(spreadNs), nowNs));
        });
    }

    /** When the newest of them was first heard; now while one of them may yet prove itself. */
    long newestNs(long nowNs) {
        for (HeardMaster master : masters) {
            if (master.isUndecided(nowNs)) {
                return nowNs;
            }
        }
        return newestNs;
    }

    /** When there is no room for others: forgets those that are gone or do not answer. {@code joined}: the one that the engine is in, which stays. */
    void forget(long joined, long nowNs) {
        for (int i = masters.size() - 1; i >= 0 && masters.size() >= MOST; i--) {
            HeardMaster master = masters.get(i);
            boolean isOfNoUse = master.isGone(nowNs) || master.isInVain(nowNs);
            if (isOfNoUse && master.sessionId() != joined) {
                masters.remove(i).close();
            }
        }
    }

    /** Whether one of them has proven itself and takes this slave, or may yet do so. */
    boolean isAnyLikely(long nowNs) {
        for (HeardMaster master : masters) {
            if (!master.isRefused() && !master.isTurningAway() && !master.isGone(nowNs)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        masters.forEach(HeardMaster::close);
        masters.clear();
    }
}
