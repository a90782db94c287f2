package org.imgblstr.protocol.master;

import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.fuzz.Budget;
import org.imgblstr.fuzz.FuzzInput;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlowPolicy;
import org.imgblstr.protocol.master.sending.MasterConfig;
import org.imgblstr.protocol.master.tracks.TrackSupply;
import org.imgblstr.protocol.wire.FuzzDatagrams;

/**
 * What a master hears, datagram after datagram, with undamaged checksums and anything in the fields. A master counts and drops nonsense: it throws
 * nothing, and what it sends for one datagram is bounded.
 */
public final class MasterEngineFuzz {
    private static final int SESSION = 1;
    private static final int TRACKS = 8;
    private static final int SECTORS_PER_TRACK = 16;
    private static final int MOST_STEPS = 40;
    private static final int TIME = 200;
    private static final int BEGIN = 199;
    private static final long STEP_NS = 100 * MasterParts.MS;
    private static final long MOST_ALLOCATED_BYTES = 64 << 20;
    private static final List<ByteBuffer> ENCODED =
            IntStream.range(0, TRACKS).mapToObj(MasterParts::encoded).toList();

    private MasterEngineFuzz() {}

    /**
     * Steps: below 199 a datagram of one of four addresses, its length in two bytes and its bytes; 199 the operator's start; above time that
     * passes.
     */
    public static void fuzzerTestOneInput(byte[] input) {
        Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
        FuzzInput in = new FuzzInput(input);
        MasterParts world = new MasterParts(SlowPolicy.LADDER);
        MasterEngine engine = new MasterEngine(config(), world, new Supply(), world);
        engine.open(world.nowNs);
        for (int step = 0; step < MOST_STEPS && !in.isEmpty(); step++) {
            int op = in.u8();
            if (op >= TIME) {
                world.nowNs += (op - TIME) * STEP_NS;
            } else if (op == BEGIN) {
                engine.begin();
            } else {
                InetSocketAddress from = MasterParts.address(1 + op % 4);
                engine.onDatagram(FuzzDatagrams.sealed(in.take(in.u16()), SESSION), from, world.nowNs);
            }
            engine.onTick(world.nowNs);
            if (engine.state() == MasterState.OVER) {
                break;
            }
        }
        if (engine.slaves().size() > MOST_STEPS) {
            throw new AssertionError("more slaves than datagrams");
        }
        budget.check();
    }

    private static MasterConfig config() {
        long sectors = (long) TRACKS * SECTORS_PER_TRACK;
        TrackSpace space = new TrackSpace(
                new Geometry(512, 4, SECTORS_PER_TRACK, sectors), List.of(new Region(0, 0, sectors, "")));
        return new MasterConfig(
                new MasterConfig.Offer(SESSION, "", new SessionImage(new UUID(1, 2), "parts", space, 0), 15, false),
                MasterConfig.SymbolLengths.of(MasterParts.SYMBOL_BYTES),
                new MasterConfig.Addresses(new InetSocketAddress("239.77.1.2", 7780), 0),
                new MasterConfig.StartRule(0, Long.MAX_VALUE, 1),
                0,
                SlowPolicy.LADDER,
                100);
    }

    /** Eight tracks that are always held. */
    private static final class Supply implements TrackSupply {
        private int next;

        @Override
        public Item next() {
            return next < TRACKS ? new Data(next) : new End(new byte[32]);
        }

        @Override
        public void advance() {
            next++;
        }

        @Override
        public ByteBuffer held(int track) {
            return ENCODED.get(track).duplicate();
        }

        @Override
        public void request(int track) {}

        @Override
        public void forget(int endTrack) {}

        @Override
        public void release(int track) {}
    }

    /** A session of one slave to its end, and the golden datagrams of slaves. */
    public static List<byte[]> seeds() {
        MasterParts parts = new MasterParts();
        byte[] rsvp = ByteBufUtil.getBytes(parts.rsvp(1, 1, wish -> wish));
        List<byte[]> golden = FuzzDatagrams.golden();
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        datagram(joined, rsvp);
        joined.write(BEGIN);
        joined.write(TIME + 2);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(joined.toByteArray());
        for (int command : new int[] {6, 9, 6, 1}) {
            datagram(whole, ofSlave(golden.get(command)));
            whole.write(TIME + 2);
        }
        ByteArrayOutputStream silent = new ByteArrayOutputStream();
        silent.writeBytes(joined.toByteArray());
        for (int i = 0; i < 10; i++) {
            silent.write(TIME + 55);
        }
        return List.of(joined.toByteArray(), whole.toByteArray(), silent.toByteArray());
    }

    /** The golden datagrams are of slave 2 and its nonce; here the first slave has the nonce 1. */
    private static byte[] ofSlave(byte[] datagram) {
        ByteBuffer bytes = ByteBuffer.wrap(datagram);
        if (bytes.get(3) != 2) {
            bytes.putShort(12, (short) 1).putLong(16, 1);
        }
        return datagram;
    }

    private static void datagram(ByteArrayOutputStream seed, byte[] bytes) {
        seed.write(0);
        seed.write(bytes.length >> Byte.SIZE);
        seed.write(bytes.length);
        seed.writeBytes(bytes);
    }
}
