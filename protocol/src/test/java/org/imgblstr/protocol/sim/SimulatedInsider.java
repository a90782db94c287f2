package org.imgblstr.protocol.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.sealing.GroupSealer;
import org.imgblstr.protocol.sealing.SealedLayout;
import org.imgblstr.protocol.wire.CommandFlyweight;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DoneFlyweight;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.imgblstr.protocol.wire.EndOfDataFlyweight;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
import org.imgblstr.protocol.wire.SkipTrackFlyweight;
import org.imgblstr.protocol.wire.SymbolWriter;
import org.imgblstr.sealing.primitive.Aead;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;

/** Somebody on the machine of a slave that has joined: takes each key that the slave is given, and seals with the group key whatever it likes. */
final class SimulatedInsider {
    private static final int SIGNATURE_BYTES = 64;

    /** Its numbers are so far ahead of the master's, so that slaves do not know them yet. */
    private static final int AHEAD = 300;

    private static final int TAG_BYTES = 16;
    private static final int EPOCHS = 7;

    private final Primitives real = Primitives.best();
    private final List<SecretBytes> keys = new ArrayList<>();
    private final SimulatedSeal seal;
    private final SplittableRandom random;
    private GroupSealer sealer;
    private int nibble = -1;
    private int newest;
    private int last;

    SimulatedInsider(long seed) {
        random = new SplittableRandom(seed);
        Primitives spying = new Primitives(
                "spying",
                key -> {
                    keys.add(SecretBytes.copyOf(key.copy()));
                    return real.aead(key);
                },
                real.agreement(),
                real.signing(),
                real.hashing(),
                real.memoryHard());
        seal = SimulatedSeal.of(seed, spying);
    }

    /** What its slave joins with: the secret of {@code SimulatedSeal.of(seed)}. */
    SimulatedSeal seal() {
        return seal;
    }

    /** A datagram to the data group has come by. */
    void hear(byte[] datagram) {
        newest = Math.max(newest, Datagram.sequence(Unpooled.wrappedBuffer(datagram), 0));
        int heard = Datagram.keyNibble(Unpooled.wrappedBuffer(datagram), 0);
        if (heard != nibble) {
            nibble = heard;
            sealer = null;
        }
        for (int i = keys.size() - 1; i >= 0 && sealer == null; i--) {
            ByteBuffer copy =
                    ByteBuffer.allocateDirect(datagram.length).put(datagram).flip();
            if (real.aead(keys.get(i)).open(copy, 0, 12, datagram.length - 12 - TAG_BYTES)) {
                sealer = GroupSealer.ofData(
                        keys.get(i), nibble - EPOCHS - 1 == 0 ? EPOCHS : nibble - EPOCHS - 1, 0, 0, real);
            }
        }
    }

    /** Whether it has found the group key. */
    boolean isReady() {
        return sealer != null;
    }

    private int nextSequence() {
        last = Math.max(last + 1, newest + AHEAD);
        return last;
    }

    /** A track with bytes of its own, all symbols of it. */
    List<byte[]> track(int track, int rawBytes) {
        byte[] raw = new byte[rawBytes];
        random.nextBytes(raw);
        ByteBuffer encoded = ByteBuffer.allocate(EncodedTrack.maxBytes(rawBytes));
        try (TrackEncoder encoder = new TrackEncoder(CodecChoice.parse("none"))) {
            encoder.encode(track, ByteBuffer.wrap(raw), encoded);
        }
        int symbolBytes = SimulatedSource.SYMBOL_BYTES;
        int k = (encoded.remaining() + symbolBytes - 1) / symbolBytes;
        int longest = symbolBytes + SectorDataFlyweight.OVERHEAD_BYTES + SealedLayout.MORE_BYTES;
        ByteBuf batch = Unpooled.directBuffer(k * longest);
        SymbolWriter writer = new SymbolWriter()
                .start(batch, SimulatedMaster.SESSION_LOW, SealedLayout.MORE_BYTES)
                .track(track, k, SectorDataFlyweight.ALONE);
        for (int symbol = 0; symbol < k; symbol++) {
            int bytes = Math.min(symbolBytes, encoded.remaining() - symbol * symbolBytes);
            int at = encoded.position() + symbol * symbolBytes;
            writer.append(nextSequence(), symbol == k - 1, symbol, 0, encoded, at, bytes);
        }
        writer.finish();
        List<byte[]> forged = new ArrayList<>();
        for (int at = 0; at < batch.writerIndex(); at += longest) {
            int length = Math.min(longest, batch.writerIndex() - at);
            sealer.seal(batch, at, length - SealedLayout.MORE_BYTES);
            forged.add(ByteBufUtil.getBytes(batch, at, length));
        }
        batch.release();
        return forged;
    }

    /**
     * Where the master is and what the session does, as the master has just said it, changed: from an address of the insider, in another state. Null
     * while its slave has not used the key of that.
     */
    byte[] geometry(byte[] heard, InetSocketAddress itsOwn) {
        int sealedBytes = heard.length - CommandFlyweight.HEADER_BYTES - TAG_BYTES;
        for (int i = keys.size() - 1; i >= 0; i--) {
            ByteBuffer copy = ByteBuffer.allocateDirect(heard.length).put(heard).flip();
            Aead aead = real.aead(keys.get(i));
            if (aead.open(copy, 0, CommandFlyweight.HEADER_BYTES, sealedBytes)) {
                ByteBuf open = Unpooled.wrappedBuffer(copy);
                new DriveGeometryFlyweight()
                        .wrap(open)
                        .master(itsOwn.getAddress(), itsOwn.getPort())
                        .state(DriveGeometryFlyweight.State.WAITING);
                Datagram.putSequence(open, 0, Datagram.sequence(open, 0) + AHEAD);
                aead.seal(copy, 0, CommandFlyweight.HEADER_BYTES, sealedBytes);
                return ByteBufUtil.getBytes(open);
            }
        }
        return null;
    }

    /** The pass has ended where nobody has got to. */
    byte[] endOfData(int trackCount) {
        ByteBuf buffer = Unpooled.directBuffer(Datagram.CONTROL_BYTES);
        int length = new EndOfDataFlyweight()
                .wrapForWriting(buffer, 0)
                .session(SimulatedMaster.SESSION_LOW)
                .sequence(nextSequence())
                .kind(EndOfDataFlyweight.PASS_ENDED)
                .trackCount(trackCount)
                .sentUpTo(trackCount)
                .windowMs(10)
                .seal();
        return sealed(buffer, length);
    }

    /** A range that is said to be of a kind. */
    byte[] skip(int firstTrack, int count, TrackKind kind) {
        ByteBuf buffer = Unpooled.directBuffer(Datagram.CONTROL_BYTES);
        int length = new SkipTrackFlyweight()
                .wrapForWriting(buffer, 0)
                .session(SimulatedMaster.SESSION_LOW)
                .sequence(nextSequence())
                .add(firstTrack, count, kind)
                .seal();
        return sealed(buffer, length);
    }

    /** The end of the session, signed by nobody. */
    byte[] done(int reason, int trackCount) {
        ByteBuf buffer = Unpooled.directBuffer(Datagram.CONTROL_BYTES);
        int length = new DoneFlyweight()
                .wrapForWriting(buffer, 0)
                .session(SimulatedMaster.SESSION_LOW)
                .sequence(nextSequence())
                .reason(reason)
                .trackCount(trackCount)
                .slaves(1, 1)
                .seal();
        byte[] signature = new byte[SIGNATURE_BYTES];
        random.nextBytes(signature);
        buffer.setBytes(length - Integer.BYTES, signature).setIndex(0, length + SIGNATURE_BYTES);
        return sealed(buffer, length + SIGNATURE_BYTES);
    }

    private byte[] sealed(ByteBuf buffer, int length) {
        byte[] bytes = ByteBufUtil.getBytes(buffer, 0, sealer.seal(buffer, 0, length));
        buffer.release();
        return bytes;
    }
}
