package org.imgblstr.disk.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.ContentDigest;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.image.sealed.ImageAccess;
import org.imgblstr.disk.image.sealed.ImageProtection;
import org.imgblstr.disk.image.sealed.ImageSecret;
import org.imgblstr.disk.track.TrackHasher;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.RandomBytes;
import org.imgblstr.sealing.secret.KeyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/image-format.md, section 7, signed and encrypted: byte for byte as lab/sealedimage.py makes it. */
class SealedImageVectorTest {
    private static final Path FILE = Path.of("src/test/resources/org/imgblstr/disk/image/sealed-image.hex");
    private static final String PHRASE = "correct horse battery";

    @TempDir
    Path directory;

    @Test
    void theWriterWritesTheVector() throws Exception {
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
        KeyFile key = key();
        ImageProtection protection = new ImageProtection(
                List.of(ImageSecret.ofPhrase(PHRASE), ImageSecret.of(key)), key, true, Primitives.best(), counting(0));
        Path path = directory.resolve("written");
        try (ImageWriter writer = ImageWriter.create(path, ImageVectorTest.header(), false, false, protection)) {
            writer.exchange(0, encoded, new TrackHasher().hash(raw, UnreadableMap.NONE));
            writer.skip(1, 2, TrackKind.ZERO);
            writer.skip(3, 1, TrackKind.UNUSED);
            writer.end(digest.digest());
        }
        assertThat(HexFormat.of().formatHex(Files.readAllBytes(path)))
                .isEqualTo(HexFormat.of().formatHex(vector()));
    }

    @Test
    void theReaderReadsTheVectorByEachSecret() throws Exception {
        Path path = Files.write(directory.resolve("vector"), vector());
        for (ImageSecret secret : List.of(ImageSecret.ofPhrase(PHRASE), ImageSecret.of(key()))) {
            ImageAccess access = new ImageAccess((name, slots, tries) -> secret, List.of(key()));
            try (ImageReader reader = ImageReader.open(path, access)) {
                assertThat(reader.header()).isEqualTo(ImageVectorTest.header());
                assertThat(reader.verify((done, total) -> {}, () -> false).isSound())
                        .isTrue();
            }
        }
    }

    @Test
    void pythonSaysTheSameToday() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("python3", "../lab/sealedimage.py", "vector")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assumeTrue(process.waitFor() == 0, "python3-cryptography is not installed");

        assertThat(said).isEqualTo(Files.readString(FILE));
    }

    private static KeyFile key() {
        return KeyFile.create(Primitives.best(), counting(64));
    }

    /** Bytes that count up. */
    private static RandomBytes counting(int first) {
        int[] next = {first};
        return bytes -> {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) next[0]++;
            }
        };
    }

    private static byte[] vector() throws IOException {
        return HexFormat.of().parseHex(String.join("", Files.readAllLines(FILE)));
    }
}
