package org.imgblstr.disk.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.TrackWriter.Verified;
import org.junit.jupiter.api.Test;

class TrackWriterTest {
    private static final int TRACK_BYTES = 4096;
    private static final int TRACKS = 200;
    private static final TrackSpace SPACE =
            new TrackSpace(new Geometry(512, 4, 8, TRACKS * 8L), List.of(new Region(0, 0, TRACKS * 8L, "")));

    private final byte[] disk = new byte[TRACKS * TRACK_BYTES];
    private final List<String> calls = new ArrayList<>();
    private int lyingTrack = -1;
    private ByteBuffer written;

    @Test
    void whatWasWrittenIsReadBackInOrder() throws Exception {
        try (TrackWriter writer = new TrackWriter(new MemoryTarget(), new LastLook(SPACE, Verification.SAMPLE, 1))) {
            assertThat(writer.hasUnverified()).isFalse();
            long checksum = writer.write(7, encoded(7));
            writer.write(9, encoded(9));
            assertThat(Arrays.copyOfRange(disk, 7 * TRACK_BYTES, 8 * TRACK_BYTES))
                    .isEqualTo(raw(7));
            assertThat(checksum).isEqualTo(TrackChecksum.of(ByteBuffer.wrap(raw(7))));
            assertThat(writer.verifyOldest()).isEqualTo(new Verified(7, checksum, checksum));
            assertThat(writer.verifyOldest().track()).isEqualTo(9);
            assertThat(writer.hasUnverified()).isFalse();
        }
    }

    @Test
    void aDiskThatGivesBackSomethingElseIsNotGood() throws Exception {
        lyingTrack = 3;
        try (TrackWriter writer = new TrackWriter(new MemoryTarget(), new LastLook(SPACE, Verification.SAMPLE, 1))) {
            long checksum = writer.write(3, encoded(3));
            Verified verified = writer.verifyOldest();
            assertThat(verified.isGood()).isFalse();
            assertThat(verified.difference())
                    .isEqualTo("read back with checksum " + Long.toHexString(verified.found()) + ", expected "
                            + Long.toHexString(checksum));
        }
    }

    @Test
    void readingBackIsDueForManyTracksInARow() throws Exception {
        try (TrackWriter writer = new TrackWriter(new MemoryTarget(), new LastLook(SPACE, Verification.SAMPLE, 1))) {
            for (int track = 0; track < TrackWriter.MOST_UNVERIFIED - 1; track++) {
                writer.write(track, encoded(track));
                assertThat(writer.isVerifyDue()).isFalse();
            }
            writer.write(150, encoded(150));
            for (int i = 0; i < TrackWriter.MOST_UNVERIFIED; i++) {
                assertThat(writer.isVerifyDue()).isTrue();
                assertThat(writer.verifyOldest().isGood()).isTrue();
            }
            assertThat(writer.isVerifyDue()).isFalse();
        }
    }

    @Test
    void nothingIsReadBackUnlessAsked() throws Exception {
        try (TrackWriter writer = new TrackWriter(new MemoryTarget(), null)) {
            writer.write(1, encoded(1));
            writer.skip(2, 2, TrackKind.ZERO);
            assertThat(writer.hasUnverified()).isFalse();
        }
        assertThat(calls).containsExactly("write 1", "skip 2+2 ZERO");
    }

    @Test
    void zerosAreReadBackAtOnceAndUnusedTracksNever() throws Exception {
        Arrays.fill(disk, (byte) 1);
        try (TrackWriter writer = new TrackWriter(new MemoryTarget(), new LastLook(SPACE, Verification.SAMPLE, 1))) {
            writer.skip(5, 2, TrackKind.ZERO);
            writer.skip(8, 3, TrackKind.UNUSED);
            lyingTrack = 21;
            assertThatThrownBy(() -> writer.skip(20, 3, TrackKind.ZERO))
                    .isInstanceOf(DeviceException.class)
                    .hasMessage(
                            "track 21 does not read back as zero, although it was zeroed and zeros were written to it");
        }
        assertThat(calls)
                .containsExactly(
                        "skip 5+2 ZERO",
                        "read 5",
                        "read 6",
                        "skip 8+3 UNUSED",
                        "skip 20+3 ZERO",
                        "read 20",
                        "read 21",
                        "write 21",
                        "read 21");
    }

    /** As a slave's slots lie: what is raw goes to the disk from where it is. */
    @Test
    void aRawTrackOnAPageIsWrittenFromWhereItLies() throws Exception {
        ByteBuffer slot = AlignedBuffers.allocate(EncodedTrack.maxBytes(TRACK_BYTES) + 100, EncodedTrack.HEADER_BYTES);
        ByteBuffer encoded = slot.put(encoded(6)).flip();
        try (TrackWriter writer = new TrackWriter(new MemoryTarget(), new LastLook(SPACE, Verification.SAMPLE, 1))) {
            long checksum = writer.write(6, encoded);

            assertThat(checksum).isEqualTo(TrackChecksum.of(ByteBuffer.wrap(raw(6))));
            assertThat(Arrays.copyOfRange(disk, 6 * TRACK_BYTES, 7 * TRACK_BYTES))
                    .isEqualTo(raw(6));
            assertThat(encoded.position()).isZero();
            assertThat(writer.verifyOldest().isGood()).isTrue();

            encoded.put(EncodedTrack.HEADER_BYTES + 2000, (byte) 0x55);
            assertThat(written.get(2000)).as("what was written is no copy").isEqualTo((byte) 0x55);
            assertThatThrownBy(() -> writer.write(6, encoded))
                    .isInstanceOf(MalformedTrackException.class)
                    .hasMessageContaining("checksum");
            assertThatThrownBy(() -> writer.write(5, encoded))
                    .isInstanceOf(MalformedTrackException.class)
                    .hasMessageContaining("track 5");
            assertThat(writer.hasUnverified()).isFalse();
        }
    }

    @Test
    void aTrackThatDoesNotDecodeIsNotWritten() throws Exception {
        ByteBuffer damaged = encoded(4);
        damaged.put(damaged.limit() - 1, (byte) ~damaged.get(damaged.limit() - 1));
        try (TrackWriter writer = new TrackWriter(new MemoryTarget(), new LastLook(SPACE, Verification.SAMPLE, 1))) {
            assertThatThrownBy(() -> writer.write(4, damaged)).isInstanceOf(MalformedTrackException.class);
            assertThat(writer.hasUnverified()).isFalse();
        }
        assertThat(calls).isEmpty();
    }

    private static byte[] raw(int track) {
        byte[] raw = new byte[TRACK_BYTES];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) (track + i % 7);
        }
        return raw;
    }

    private static ByteBuffer encoded(int track) {
        ByteBuffer out = ByteBuffer.allocate(EncodedTrack.maxBytes(TRACK_BYTES));
        try (TrackEncoder encoder = new TrackEncoder(CodecChoice.parse("none"))) {
            encoder.encode(track, ByteBuffer.wrap(raw(track)), out);
        }
        return out;
    }

    private final class MemoryTarget implements TrackTarget {
        @Override
        public TrackSpace space() {
            return SPACE;
        }

        @Override
        public void write(int track, ByteBuffer raw) {
            calls.add("write " + track);
            written = raw.duplicate();
            raw.get(disk, track * TRACK_BYTES, raw.remaining());
        }

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) {
            calls.add("skip " + firstTrack + "+" + count + " " + kind);
            if (kind == TrackKind.ZERO) {
                Arrays.fill(disk, firstTrack * TRACK_BYTES, (firstTrack + count) * TRACK_BYTES, (byte) 0);
            }
        }

        @Override
        public void read(int track, ByteBuffer into) {
            calls.add("read " + track);
            int at = into.position();
            into.put(disk, track * TRACK_BYTES, TRACK_BYTES);
            if (track == lyingTrack) {
                into.put(at + 9, (byte) 0x77);
            }
        }

        @Override
        public void sync() {
            calls.add("sync");
        }

        @Override
        public void checkInPlace() {}

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
