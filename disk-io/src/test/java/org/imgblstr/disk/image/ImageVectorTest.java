package org.imgblstr.disk.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.ContentDigest;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.track.TrackSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/image-format.md, section 7, byte for byte. */
class ImageVectorTest {
    private static final Path SPECIFICATION = Path.of("../docs/image-format.md");
    private static final Pattern LINE = Pattern.compile("^([0-9a-f]{4})  ((?:[0-9a-f]{2} )+)");

    @TempDir
    Path directory;

    @Test
    void theWriterWritesTheExample() throws Exception {
        assertThat(hex(written())).isEqualTo(hex(example()));
    }

    @Test
    void theReaderReadsTheExample() throws Exception {
        Path path = Files.write(directory.resolve("example"), example());
        List<String> calls = new ArrayList<>();
        try (ImageReader reader = ImageReader.open(path)) {
            assertThat(reader.header()).isEqualTo(header());
            assertThat(reader.verify((done, total) -> {}, () -> false).isSound())
                    .isTrue();
            reader.stream(new Recording(calls));
        }
        assertThat(calls).containsExactly("data 0", "skip 1 2 ZERO", "skip 3 1 UNUSED", "end");
    }

    static ImageHeader header() {
        return new ImageHeader(
                UUID.fromString("00112233-4455-4677-8899-aabbccddeeff"),
                Instant.parse("2026-11-22T00:00:00Z"),
                new Geometry(512, 1, 1, 4),
                List.of(new ImageRegion(new Region(0, 0, 4, ""), "")),
                List.of(new ImageRegion(new Region(1, 1, 3, "A"), "ext4")),
                2048,
                new ImageOrigin(new ImageSource("/dev/sdx", "", "", 2048), "tiny", "rle", "", "", ""));
    }

    private byte[] written() throws IOException, RefusedException {
        byte[] letters = new byte[512];
        Arrays.fill(letters, (byte) 'A');
        ByteBuffer raw = ByteBuffer.wrap(letters);
        ByteBuffer encoded = ByteBuffer.allocate(EncodedTrack.maxBytes(512));
        try (TrackEncoder encoder = new TrackEncoder(CodecChoice.parse("rle"))) {
            encoder.encode(0, raw, encoded);
        }
        ContentDigest digest = new ContentDigest(4);
        digest.set(0, TrackKind.DATA, TrackChecksum.of(raw));
        digest.setRange(1, 2, TrackKind.ZERO, 512);
        digest.setRange(3, 1, TrackKind.UNUSED, 512);
        Path path = directory.resolve("written");
        try (ImageWriter writer = ImageWriter.create(path, header(), false)) {
            writer.data(0, encoded);
            writer.skip(1, 2, TrackKind.ZERO);
            writer.skip(3, 1, TrackKind.UNUSED);
            writer.end(digest.digest());
        }
        return Files.readAllBytes(path);
    }

    private static byte[] example() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String line : Files.readAllLines(SPECIFICATION)) {
            Matcher matcher = LINE.matcher(line + " ");
            if (matcher.find()) {
                assertThat(Integer.parseInt(matcher.group(1), 16)).as(line).isEqualTo(bytes.size());
                bytes.writeBytes(HexFormat.of().parseHex(matcher.group(2).replace(" ", "")));
            }
        }
        return bytes.toByteArray();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    private record Recording(List<String> calls) implements TrackSink {
        @Override
        public void data(int track, ByteBuffer encoded) {
            calls.add("data " + track);
        }

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) {
            calls.add("skip " + firstTrack + " " + count + " " + kind);
        }

        @Override
        public void end(byte[] contentDigest) {
            calls.add("end");
        }
    }
}
