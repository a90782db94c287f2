package org.imgblstr.disk.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.ContentDigest;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.disk.track.TrackSink;

/** A header and tracks that fit it, the same for the same seed. */
final class SampleImage {
    private static final List<TrackKind> KINDS = List.of(
            TrackKind.DATA, TrackKind.DATA, TrackKind.ZERO, TrackKind.UNUSED, TrackKind.UNREADABLE, TrackKind.PARTIAL);

    final ImageHeader header;
    final TrackSpace space;
    final TrackKind[] kinds;
    final byte[][] encoded;
    final byte[] contentDigest;
    final UnreadableSectors unreadable;

    private SampleImage(ImageHeader header, Random random, TrackEncoder encoder, int longestRun) {
        this.header = header;
        this.space = header.space();
        this.kinds = new TrackKind[space.trackCount()];
        this.encoded = new byte[space.trackCount()][];
        this.unreadable = new UnreadableSectors(space);
        ContentDigest digest = new ContentDigest(space.trackCount());
        try (encoder) {
            for (int track = 0; track < kinds.length; ) {
                TrackKind kind = KINDS.get(random.nextInt(KINDS.size()));
                int end = Math.min(kinds.length, track + 1 + random.nextInt(longestRun));
                for (; track < end; track++) {
                    fill(track, kind, random, encoder, digest);
                }
            }
        }
        this.contentDigest = digest.digest();
    }

    private void fill(int track, TrackKind kind, Random random, TrackEncoder encoder, ContentDigest digest) {
        kinds[track] = kind;
        int rawBytes = space.rawBytes(track);
        if (!kind.isEncoded()) {
            digest.setRange(track, 1, kind, rawBytes);
            if (kind == TrackKind.UNREADABLE) {
                unreadable.addTracks(track, 1);
            }
            return;
        }
        byte[] raw = new byte[rawBytes];
        byte[] word = new byte[1 + random.nextInt(400)];
        random.nextBytes(word);
        word[0] = 1;
        for (int i = 0; i < rawBytes; i++) {
            raw[i] = word[i % word.length];
        }
        if (kind == TrackKind.PARTIAL) {
            fillPartial(track, raw, random, encoder, digest);
            return;
        }
        ByteBuffer out = ByteBuffer.allocate(EncodedTrack.maxBytes(rawBytes));
        encoder.encode(track, ByteBuffer.wrap(raw), out);
        encoded[track] = Arrays.copyOf(out.array(), out.limit());
        digest.set(track, kind, TrackChecksum.of(ByteBuffer.wrap(raw)));
    }

    private void fillPartial(int track, byte[] raw, Random random, TrackEncoder encoder, ContentDigest digest) {
        BitSet units = new BitSet();
        units.set(random.nextInt(raw.length / 512));
        UnreadableMap map = UnreadableMap.of(raw.length, units);
        map.forEachRange((from, end) -> Arrays.fill(raw, from, end, (byte) 0));
        ByteBuffer framed = ByteBuffer.allocate(EncodedTrack.maxBytes(raw.length));
        framed.put(EncodedTrack.HEADER_BYTES, raw).limit(EncodedTrack.HEADER_BYTES + raw.length);
        ByteBuffer out =
                encoder.encodePartial(track, framed, map, () -> ByteBuffer.allocate(EncodedTrack.maxBytes(raw.length)));
        encoded[track] = Arrays.copyOf(out.array(), out.limit());
        digest.set(track, TrackKind.PARTIAL, map.leaf(TrackChecksum.of(ByteBuffer.wrap(raw))));
        unreadable.add(track, map);
    }

    /** Some regions of {@code tracks} tracks altogether or a little more, tracks of 8 sectors, the last of each region perhaps short. */
    static SampleImage random(long seed, int tracks, int longestRun) {
        Random random = new Random(seed);
        List<ImageRegion> regions = new ArrayList<>();
        long lba = random.nextInt(100);
        int left = tracks;
        while (left > 0) {
            int part = regions.size() == TrackSpace.MAX_REGIONS - 1 ? left : 1 + random.nextInt(left);
            long sectors = (part - 1) * 8L + 1 + random.nextInt(8);
            regions.add(region(regions.size() + 1, lba, sectors, "part " + regions.size()));
            lba += sectors + random.nextInt(50);
            left -= part;
        }
        Geometry geometry = new Geometry(512, 4, 8, lba + 7);
        CodecChoice[] codecs = {CodecChoice.parse("rle"), CodecChoice.parse("zstd"), CodecChoice.parse("none")};
        CodecChoice codec = codecs[random.nextInt(3)];
        return new SampleImage(header(geometry, regions), random, new TrackEncoder(codec), longestRun);
    }

    /** One region of so many tracks of 8 sectors, those with data links of chains. */
    static SampleImage chained(long seed, int tracks, int longestRun) {
        List<ImageRegion> regions = List.of(region(1, 3, tracks * 8L, "chains"));
        Geometry geometry = new Geometry(512, 4, 8, tracks * 8L + 3);
        TrackEncoder encoder = TrackEncoder.ofChains(CodecChoice.DEFAULT);
        return new SampleImage(header(geometry, regions), new Random(seed), encoder, longestRun);
    }

    /** Whether a track has data, and is a link. */
    boolean isLink(int track) {
        return kinds[track] == TrackKind.DATA && EncodedTrack.isLink(ByteBuffer.wrap(encoded[track]));
    }

    /** A few tracks of one or two sectors: small enough to flip every bit of. */
    static SampleImage small() {
        return small(5);
    }

    private static SampleImage small(long seed) {
        List<ImageRegion> regions = List.of(region(1, 1, 5, "boot"), region(2, 10, 3, ""));
        TrackEncoder encoder = new TrackEncoder(CodecChoice.parse("rle"));
        return new SampleImage(header(new Geometry(512, 4, 2, 20), regions), new Random(seed), encoder, 2);
    }

    /** As above, with tracks some of whose sectors could not be read. */
    static SampleImage smallPartial() {
        long seed = 0;
        SampleImage sample = small(seed);
        while (!List.of(sample.kinds).contains(TrackKind.PARTIAL)) {
            sample = small(++seed);
        }
        return sample;
    }

    /** As above, with links. */
    static SampleImage smallChained() {
        List<ImageRegion> regions = List.of(region(1, 1, 16, "chain"));
        TrackEncoder encoder = TrackEncoder.ofChains(CodecChoice.DEFAULT);
        return new SampleImage(header(new Geometry(512, 4, 2, 20), regions), new Random(5), encoder, 2);
    }

    private static ImageRegion region(int number, long firstLba, long sectors, String name) {
        return new ImageRegion(new Region(number, firstLba, sectors, name), "linux");
    }

    static ImageHeader header(Geometry geometry, List<ImageRegion> regions) {
        return new ImageHeader(
                new UUID(0x0123456789AB4DEFL, 0x8123456789ABCDEFL),
                Instant.parse("2026-11-22T12:34:56.789Z"),
                geometry,
                regions,
                List.of(region(3, 4, 5, "a partition")),
                0,
                new ImageOrigin(
                        new ImageSource(
                                "/dev/sdx", "Model", "Serial", geometry.totalSectors() * geometry.sectorBytes()),
                        "room 12 – été",
                        "rle",
                        "imgblstr 7.8",
                        "lab-07",
                        "before the update of été"));
    }

    /** Gives all tracks and the end to {@code sink}; skipped tracks in runs. */
    void sendTo(TrackSink sink) throws IOException {
        sendTo(sink, kinds.length);
        sink.end(contentDigest);
    }

    /** Gives tracks until {@code endTrack} or a little beyond. */
    void sendTo(TrackSink sink, int endTrack) throws IOException {
        for (int track = 0; track < endTrack; ) {
            int end = track + 1;
            if (kinds[track].isEncoded()) {
                sink.data(track, ByteBuffer.wrap(encoded[track]));
            } else {
                while (end < kinds.length && kinds[end] == kinds[track]) {
                    end++;
                }
                sink.skip(track, end - track, kinds[track]);
            }
            track = end;
        }
    }

    /** Writes the image to {@code path}. */
    ImageSummary writeTo(Path path) throws IOException, RefusedException {
        try (ImageWriter writer = ImageWriter.create(path, header, false)) {
            sendTo(writer);
            return writer.summary();
        }
    }

    /** The bytes of the image, made in {@code directory}. */
    byte[] bytes(Path directory) throws IOException, RefusedException {
        Path path = directory.resolve("sample.img");
        writeTo(path);
        byte[] bytes = Files.readAllBytes(path);
        Files.delete(path);
        return bytes;
    }

    /** Takes tracks and fails as soon as one is not that of the sample. */
    static final class Comparing implements TrackSink {
        private final SampleImage sample;
        int nextTrack;
        boolean hasEnded;

        Comparing(SampleImage sample) {
            this.sample = sample;
        }

        @Override
        public void data(int track, ByteBuffer encoded) {
            byte[] found = new byte[encoded.remaining()];
            encoded.get(encoded.position(), found);
            take(track, EncodedTrack.kind(encoded));
            if (!Arrays.equals(found, sample.encoded[track])) {
                throw new AssertionError("wrong bytes were handed on as track " + track);
            }
        }

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) {
            for (int track = firstTrack; track < firstTrack + count; track++) {
                take(track, kind);
            }
        }

        @Override
        public void end(byte[] contentDigest) {
            hasEnded = nextTrack == sample.kinds.length && Arrays.equals(contentDigest, sample.contentDigest);
            if (!hasEnded) {
                throw new AssertionError("end after track " + nextTrack);
            }
        }

        private void take(int track, TrackKind kind) {
            if (track != nextTrack || kind != sample.kinds[track] || hasEnded) {
                throw new AssertionError("track " + track + " as " + kind + " instead of track " + nextTrack);
            }
            nextTrack++;
        }
    }

    static byte[] concat(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }
}
