package org.imgblstr.protocol.sim;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.ContentDigest;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.disk.track.TrackHasher;
import org.imgblstr.protocol.contract.SessionImage;

/** A source disk in memory: tracks of random bytes, of text, of zeros, unused and unreadable ones, the last one short. */
final class SimulatedSource {
    static final int SYMBOL_BYTES = 256;
    private static final int SECTORS_PER_TRACK = 16;

    final SessionImage image;
    private final TrackKind[] kinds;
    private final byte[][] raw;
    private final byte[][] encoded;
    private final byte[][] alone;
    private final byte[] digest;

    private SimulatedSource(TrackKind[] kinds, SplittableRandom random) {
        this(kinds, (track, bytes) -> content(kinds[track], bytes, track, random));
    }

    /** Raw bytes of a track of a length. */
    private interface Content {
        byte[] of(int track, int bytes);
    }

    private SimulatedSource(TrackKind[] kinds, Content raws) {
        int tracks = kinds.length;
        long sectors = (long) tracks * SECTORS_PER_TRACK - 5;
        Geometry geometry = new Geometry(512, 4, SECTORS_PER_TRACK, sectors);
        TrackSpace space = new TrackSpace(geometry, List.of(new Region(0, 0, sectors, "")));
        this.image = new SessionImage(new UUID(1, 2), "simulated", space, 0);
        this.kinds = kinds;
        this.raw = new byte[tracks][];
        this.encoded = new byte[tracks][];
        this.alone = new byte[tracks][];
        ContentDigest content = new ContentDigest(tracks);
        try (TrackEncoder chains = TrackEncoder.ofChains(CodecChoice.DEFAULT);
                TrackEncoder encoder = new TrackEncoder(CodecChoice.DEFAULT)) {
            for (int track = 0; track < tracks; track++) {
                raw[track] = raws.of(track, space.rawBytes(track));
                if (kinds[track] == TrackKind.PARTIAL) {
                    encoded[track] = encodePartial(encoder, track, raw[track]);
                    alone[track] = encoded[track];
                    ByteBuffer made = ByteBuffer.wrap(encoded[track]);
                    content.set(track, TrackKind.PARTIAL, EncodedTrack.leaf(made));
                } else if (kinds[track] == TrackKind.DATA) {
                    encoded[track] = encode(chains, track, raw[track]);
                    alone[track] = encode(encoder, track, raw[track]);
                    content.set(track, TrackKind.DATA, EncodedTrack.checksum(ByteBuffer.wrap(encoded[track])));
                } else {
                    content.setRange(track, 1, kinds[track], space::rawBytes);
                }
            }
        }
        this.digest = content.digest();
    }

    private SimulatedSource(byte[][] content) {
        this(dataTracks(content.length), (track, bytes) -> content[track]);
    }

    private static TrackKind[] dataTracks(int tracks) {
        TrackKind[] kinds = new TrackKind[tracks];
        Arrays.fill(kinds, TrackKind.DATA);
        return kinds;
    }

    private static byte[] encode(TrackEncoder encoder, int track, byte[] raw) {
        ByteBuffer out = ByteBuffer.allocate(EncodedTrack.maxBytes(raw.length));
        encoder.encode(track, ByteBuffer.wrap(raw), out);
        return Arrays.copyOf(out.array(), out.limit());
    }

    /** Every other sector cannot be read. */
    private static byte[] encodePartial(TrackEncoder encoder, int track, byte[] raw) {
        BitSet units = new BitSet();
        for (int unit = 1; unit < raw.length / 512; unit += 2) {
            units.set(unit);
            Arrays.fill(raw, unit * 512, (unit + 1) * 512, (byte) 0);
        }
        ByteBuffer framed = ByteBuffer.allocate(EncodedTrack.maxBytes(raw.length));
        framed.put(EncodedTrack.HEADER_BYTES, raw).limit(EncodedTrack.HEADER_BYTES + raw.length);
        ByteBuffer out = encoder.encodePartial(
                track,
                framed,
                UnreadableMap.of(raw.length, units),
                () -> ByteBuffer.allocate(EncodedTrack.maxBytes(raw.length)));
        return Arrays.copyOf(out.array(), out.limit());
    }

    /** How many sectors cannot be read. */
    long unreadableSectors() {
        return unreadable().sectors();
    }

    long firstUnreadable() {
        return unreadable().ranges().get(0).firstLba();
    }

    private UnreadableSectors unreadable() {
        UnreadableSectors found = new UnreadableSectors(image.space());
        for (int track = 0; track < kinds.length; track++) {
            if (kinds[track] == TrackKind.UNREADABLE) {
                found.addTracks(track, 1);
            } else if (kinds[track] == TrackKind.PARTIAL) {
                found.add(track, EncodedTrack.unreadable(ByteBuffer.wrap(encoded[track])));
            }
        }
        return found;
    }

    private static byte[] content(TrackKind kind, int bytes, int track, SplittableRandom random) {
        byte[] content = new byte[bytes];
        if (kind.isEncoded()) {
            random.nextBytes(content);
            if (track % 3 == 0) {
                for (int i = 0; i < bytes; i++) {
                    content[i] = (byte) ('a' + (content[i] & 3));
                }
            }
            content[0] = 1;
        }
        return content;
    }

    /** {@code tracks} data tracks. */
    static SimulatedSource random(int tracks, long seed) {
        return new SimulatedSource(dataTracks(tracks), new SplittableRandom(seed));
    }

    /** Data tracks of text that repeats itself from track to track: all but the first of each group are links after others. */
    static SimulatedSource text(int tracks, long seed) {
        SimulatedSource random = random(tracks, seed);
        byte[] words = random.raw(0).clone();
        byte[][] text = new byte[tracks][];
        SplittableRandom places = new SplittableRandom(seed);
        for (int track = 0; track < tracks; track++) {
            text[track] = new byte[random.raw(track).length];
            for (int at = 0; at < text[track].length; at += 32) {
                int bytes = Math.min(32, text[track].length - at);
                System.arraycopy(words, places.nextInt(words.length - 32), text[track], at, bytes);
            }
        }
        return new SimulatedSource(text);
    }

    /** Single data tracks, each followed by a gap up to the next, {@code apart} tracks on. */
    static SimulatedSource islands(int dataTracks, int apart, TrackKind gap, long seed) {
        TrackKind[] kinds = new TrackKind[dataTracks * apart];
        Arrays.fill(kinds, gap);
        for (int track = 0; track < kinds.length; track += apart) {
            kinds[track] = TrackKind.DATA;
        }
        return new SimulatedSource(kinds, new SplittableRandom(seed));
    }

    /** Runs of all kinds but unreadable. */
    static SimulatedSource mixed(int tracks, long seed) {
        return mixed(tracks, seed, TrackKind.DATA, TrackKind.ZERO, TrackKind.UNUSED);
    }

    static SimulatedSource mixed(int tracks, long seed, TrackKind... choice) {
        SplittableRandom random = new SplittableRandom(seed);
        TrackKind[] kinds = new TrackKind[tracks];
        int track = 0;
        while (track < tracks) {
            TrackKind kind = choice[random.nextInt(choice.length)];
            for (int left = 1 + random.nextInt(8); left > 0 && track < tracks; left--) {
                kinds[track++] = kind;
            }
        }
        return new SimulatedSource(kinds, random);
    }

    int trackCount() {
        return kinds.length;
    }

    TrackKind kind(int track) {
        return kinds[track];
    }

    byte[] raw(int track) {
        return raw[track];
    }

    /** As the pass has it: perhaps a link. */
    byte[] encoded(int track) {
        return encoded[track];
    }

    byte[] alone(int track) {
        return alone[track];
    }

    /** What the manifest has of a track with bytes. */
    byte[] sha256(int track) {
        UnreadableMap map = kinds[track] == TrackKind.PARTIAL
                ? EncodedTrack.unreadable(ByteBuffer.wrap(encoded[track]))
                : UnreadableMap.NONE;
        return new TrackHasher().hash(ByteBuffer.wrap(raw[track]), map);
    }

    byte[] digest() {
        return digest.clone();
    }
}
