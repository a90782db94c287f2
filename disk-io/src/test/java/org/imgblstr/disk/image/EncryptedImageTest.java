package org.imgblstr.disk.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.disk.image.sealed.ImageAccess;
import org.imgblstr.disk.image.sealed.ImageFront;
import org.imgblstr.disk.image.sealed.ImageProtection;
import org.imgblstr.disk.image.sealed.ImageSecret;
import org.imgblstr.disk.image.sealed.NotAuthenticException;
import org.imgblstr.sealing.primitive.Primitives;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An encrypted image gives what was written to who has a key, and nothing to anybody else; whatever was changed is refused. */
class EncryptedImageTest {
    private static final SampleImage SAMPLE = SampleImage.smallPartial();
    private static final ImageAccess ROOM = ProtectedSample.access(ProtectedSample.ROOM);
    private static final String PHRASE = "correct horse battery";
    private static final int SLOTS = 32;
    private static final int SLOT_BYTES = 96;
    private static final int HEADER_BOX = SLOTS + 8 * SLOT_BYTES;
    private static final int TAG_BYTES = 16;

    /** All of a box is under one tag; so each byte, and by turns each of its bits. */
    private static final int STEP = 11;

    @TempDir
    Path directory;

    @Test
    void whoHasTheKeyGetsEachTrackInAnyOrder() throws Exception {
        for (SampleImage sample : ProtectedSample.shapes()) {
            Path path = ProtectedSample.write(directory.resolve("encrypted"), sample, ProtectedSample.encrypted());
            try (ImageReader reader =
                    ImageReader.open(path, ProtectedSample.access(ProtectedSample.ROOM, ProtectedSample.ROOM))) {
                assertThat(reader.header()).isEqualTo(sample.header);
                assertThat(reader.isEncrypted()).isTrue();
                assertThat(reader.summary().fileBytes()).isEqualTo(Files.size(path));
                SampleImage.Comparing sink = new SampleImage.Comparing(sample);
                reader.stream(sink);
                assertThat(sink.hasEnded).isTrue();
                assertThat(reader.verify((done, total) -> {}, () -> false).isSound())
                        .isTrue();
                assertThat(reader.unreadable()).hasToString(sample.unreadable.toString());
                readBackwards(reader, sample);
            }
        }
    }

    private static void readBackwards(ImageReader reader, SampleImage sample) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(
                EncodedTrack.maxBytes(sample.space.geometry().trackBytes()));
        for (int track = sample.kinds.length - 1; track >= 0; track--) {
            assertThat(reader.kindOf(track)).isEqualTo(sample.kinds[track]);
            if (sample.kinds[track].isEncoded()) {
                reader.read(track, into.clear());
                assertThat(into).isEqualTo(ByteBuffer.wrap(sample.encoded[track]));
            }
        }
    }

    @Test
    void nothingOfTheDiskIsInTheFile() throws Exception {
        SampleImage sample = SampleImage.random(3, 300, 3);
        byte[] bytes = ProtectedSample.bytes(directory, sample, ProtectedSample.encrypted());
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (String secret : List.of("room 12", "/dev/sdx", "Serial", "lab-07", "a partition", "part 0", "IBRC")) {
            assertThat(text).as(secret).doesNotContain(secret);
        }
        byte[] plain = ProtectedSample.bytes(directory, sample, ImageProtection.NONE);
        for (byte[] track : sample.encoded) {
            if (track != null) {
                String content = new String(track, StandardCharsets.ISO_8859_1).substring(8, 20);
                assertThat(new String(plain, StandardCharsets.ISO_8859_1)).contains(content);
                assertThat(text).doesNotContain(content);
            }
        }
    }

    @Test
    void twoFilesOfOneKeyHaveNothingInCommon() throws Exception {
        Random random = new Random(1);
        ImageProtection protection = new ImageProtection(
                List.of(ImageSecret.of(ProtectedSample.ROOM)), null, false, Primitives.best(), random::nextBytes);
        byte[] first = ProtectedSample.bytes(directory, SAMPLE, protection);
        byte[] second = ProtectedSample.bytes(directory, SAMPLE, protection);
        assertThat(second).hasSameSizeAs(first);
        for (int at = HEADER_BOX; at + 8 <= first.length; at++) {
            assertThat(Arrays.equals(first, at, at + 8, second, at, at + 8)).isFalse();
        }
    }

    @Test
    void whoHasNoKeySeesTheIdsOnly() throws Exception {
        Path path = ProtectedSample.write(directory.resolve("encrypted"), SAMPLE, ProtectedSample.encrypted());
        ImageFront front = ImageReader.front(path);
        assertThat(front.imageId()).isEqualTo(SAMPLE.header.imageId());
        assertThat(front.fileBytes()).isEqualTo(Files.size(path));
        assertThat(front.slots().text()).isEqualTo("key " + ProtectedSample.ROOM.idText());
        assertThat(front.signer()).isEqualTo(ProtectedSample.ROOM.idText());
        assertThatThrownBy(() -> ImageReader.open(path))
                .isInstanceOf(NotAuthenticException.class)
                .hasMessage(path + " is encrypted: give its pass phrase at a terminal, or --image-key");
        assertThatThrownBy(() -> ImageStream.of(new ByteArrayInputStream(Files.readAllBytes(path)), "pipe"))
                .isInstanceOf(NotAuthenticException.class);
        assertThatThrownBy(() -> ImageReader.open(path, ProtectedSample.access(ProtectedSample.OTHER)))
                .isInstanceOf(NotAuthenticException.class)
                .hasMessage(path + " does not open");
    }

    @Test
    void eachSlotOpensTheFile() throws Exception {
        ImageProtection protection = ProtectedSample.protection(
                null, false, ImageSecret.of(ProtectedSample.ROOM), ImageSecret.ofPhrase(PHRASE));
        Path path = ProtectedSample.write(directory.resolve("two"), SAMPLE, protection);
        assertThat(ImageReader.front(path).slots().text())
                .isEqualTo("a pass phrase, key " + ProtectedSample.ROOM.idText());
        assertSound(path, ROOM);
        List<String> asked = new ArrayList<>(List.of("correct horse batterie", PHRASE));
        assertSound(path, new ImageAccess((name, slots, tries) -> ImageSecret.ofPhrase(asked.remove(0)), List.of()));
        assertThat(asked).isEmpty();
    }

    private static void assertSound(Path path, ImageAccess access) throws IOException {
        try (ImageReader reader = ImageReader.open(path, access)) {
            assertThat(reader.verify((done, total) -> {}, () -> false).isSound())
                    .isTrue();
        }
    }

    @Test
    void aFlippedBitAnywhereIsRefusedAndTellsWhere() throws Exception {
        byte[] bytes = ProtectedSample.bytes(directory, SAMPLE, ProtectedSample.encrypted());
        Path path = directory.resolve("flipped");
        for (int bit = 0; bit < bytes.length * 8; bit += bit < HEADER_BOX * 8 ? 1 : STEP) {
            flip(bytes, bit);
            Files.write(path, bytes);
            int at = bit / 8;
            try {
                MalformedImageException found = damageOf(path);
                assertThat(found.offset()).as("bit %d", bit).isBetween(0L, (long) bytes.length);
                if (at >= HEADER_BOX && at < bytes.length - 128) {
                    // The box that holds the byte begins there.
                    assertThat(found.offset()).as("bit %d", bit).isLessThanOrEqualTo(at);
                }
            } catch (NotAuthenticException e) {
                // The key is bound to the image id.
                assertThat(at).as("bit %d", bit).isBetween(16, 31);
            }
            flip(bytes, bit);
        }
    }

    private static MalformedImageException damageOf(Path path) throws IOException {
        try (ImageReader reader = ImageReader.open(path, ROOM)) {
            ImageVerification found = reader.verify((done, total) -> {}, () -> false);
            assertThat(found.isSound()).isFalse();
            return found.damages().get(0);
        } catch (MalformedImageException e) {
            return e;
        }
    }

    @Test
    void noFlippedBitIsHandedOn() throws Exception {
        byte[] bytes = ProtectedSample.bytes(directory, SAMPLE, ProtectedSample.encrypted());
        Path path = directory.resolve("flipped");
        for (int bit = 0; bit < bytes.length * 8; bit += 4 * STEP + 3) {
            flip(bytes, bit);
            Files.write(path, bytes);
            SampleImage.Comparing sink = new SampleImage.Comparing(SAMPLE);
            assertThatThrownBy(() -> stream(path, sink))
                    .as("bit %d", bit)
                    .isInstanceOfAny(MalformedImageException.class, NotAuthenticException.class);
            flip(bytes, bit);
        }
    }

    private static void stream(Path path, SampleImage.Comparing sink) throws IOException {
        try (ImageReader reader = ImageReader.open(path, ROOM)) {
            reader.stream(sink);
        }
    }

    @Test
    void aBoxThatWasMovedIsRefusedWhereItLies() throws Exception {
        SampleImage sample = SampleImage.random(3, 300, 1);
        Path path = ProtectedSample.write(directory.resolve("moved"), sample, ProtectedSample.encrypted());
        int[] pair = tracksOfOneLength(sample);
        long first;
        long second;
        try (ImageReader reader = ImageReader.open(path, ROOM)) {
            first = reader.bodyOffset(pair[0]);
            second = reader.bodyOffset(pair[1]);
        }
        byte[] bytes = Files.readAllBytes(path);
        int length = sample.encoded[pair[0]].length + TAG_BYTES;
        byte[] box = Arrays.copyOfRange(bytes, (int) first, (int) first + length);
        System.arraycopy(bytes, (int) second, bytes, (int) first, length);
        System.arraycopy(box, 0, bytes, (int) second, length);
        Files.write(path, bytes);
        SampleImage.Comparing sink = new SampleImage.Comparing(sample);
        assertThatThrownBy(() -> stream(path, sink))
                .isInstanceOfSatisfying(MalformedImageException.class, e -> assertThat(e.offset())
                        .isEqualTo(first));
        assertThat(sink.nextTrack).isEqualTo(pair[0]);
        try (ImageReader reader = ImageReader.open(path, ROOM)) {
            assertThat(reader.verify((done, total) -> {}, () -> false).damages())
                    .extracting(MalformedImageException::offset)
                    .containsExactly(first, second);
            ByteBuffer into = ByteBuffer.allocate(
                    EncodedTrack.maxBytes(sample.space.geometry().trackBytes()));
            assertThatThrownBy(() -> reader.read(pair[1], into))
                    .isInstanceOf(MalformedImageException.class)
                    .hasMessageContaining("offset " + second + ": expected the box of track " + pair[1]);
        }
    }

    private static int[] tracksOfOneLength(SampleImage sample) {
        for (int first = 0; first < sample.kinds.length; first++) {
            for (int second = first + 1; second < sample.kinds.length && sample.encoded[first] != null; second++) {
                if (sample.encoded[second] != null
                        && sample.kinds[first] == sample.kinds[second]
                        && sample.encoded[first].length == sample.encoded[second].length) {
                    return new int[] {first, second};
                }
            }
        }
        throw new AssertionError("no two tracks of one length");
    }

    @Test
    void aBoxOfAnotherFileOfTheSameKeyAndIdIsRefused() throws Exception {
        Random random = new Random(1);
        ImageProtection protection = new ImageProtection(
                List.of(ImageSecret.of(ProtectedSample.ROOM)), null, false, Primitives.best(), random::nextBytes);
        byte[] first = ProtectedSample.bytes(directory, SAMPLE, protection);
        byte[] second = ProtectedSample.bytes(directory, SAMPLE, protection);
        for (int at : new int[] {HEADER_BOX, first.length - 176}) {
            byte[] mixed = first.clone();
            int end = at == HEADER_BOX ? HEADER_BOX + ByteBuffer.wrap(first).getInt(12) - 32 + TAG_BYTES : first.length;
            System.arraycopy(second, at, mixed, at, end - at);
            Path path = Files.write(directory.resolve("mixed"), mixed);
            assertThatThrownBy(() -> ImageReader.open(path, ROOM))
                    .isInstanceOfSatisfying(MalformedImageException.class, e -> assertThat(e.offset())
                            .isEqualTo(at));
        }
    }

    @Test
    void aDamagedSlotIsNamedAndAnEmptyOneHoldsNothing() throws Exception {
        byte[] bytes = ProtectedSample.bytes(directory, SAMPLE, ProtectedSample.encrypted());
        for (int slot = 0; slot < 8; slot++) {
            for (int at = 0; at < SLOT_BYTES; at++) {
                int place = SLOTS + slot * SLOT_BYTES + at;
                bytes[place] ^= 0x40;
                Path path = Files.write(directory.resolve("slots"), bytes);
                long slotAt = SLOTS + (long) slot * SLOT_BYTES;
                assertThatThrownBy(() -> ImageReader.open(path, ROOM))
                        .isInstanceOf(MalformedImageException.class)
                        .hasMessageContaining("offset " + slotAt + ": expected a sound key slot");
                bytes[place] ^= 0x40;
            }
        }
    }

    @Test
    void aSlotThatWouldTakeAllMemoryIsDamaged() throws Exception {
        ImageProtection protection = ProtectedSample.protection(null, false, ImageSecret.ofPhrase(PHRASE));
        byte[] bytes = ProtectedSample.bytes(directory, SAMPLE, protection);
        ByteBuffer slot = ByteBuffer.wrap(bytes, SLOTS, SLOT_BYTES).slice();
        for (int log2N : new int[] {0, 19, 30, 200}) {
            slot.put(1, (byte) log2N).putInt(92, Checks.crc32c(slot, 0, 92));
            Path path = Files.write(directory.resolve("costly"), bytes);
            assertThatThrownBy(() -> ImageReader.front(path))
                    .isInstanceOf(MalformedImageException.class)
                    .hasMessageContaining("offset 32: expected a sound key slot");
        }
    }

    @Test
    void aFileCutShortAnywhereIsRefused() throws Exception {
        byte[] bytes = ProtectedSample.bytes(directory, SAMPLE, ProtectedSample.encrypted());
        Path path = directory.resolve("cut");
        for (int length = 0; length < bytes.length; length += 3) {
            Files.write(path, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> ImageReader.open(path, ROOM)).isInstanceOf(MalformedImageException.class);
        }
    }

    private static void flip(byte[] bytes, int bit) {
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
}
