package org.imgblstr.protocol.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.imgblstr.protocol.wire.HelloFlyweight;
import org.imgblstr.protocol.wire.RsvpFlyweight;
import org.imgblstr.protocol.wire.SealedConfirmFlyweight;
import org.imgblstr.protocol.wire.SealedRsvpFlyweight;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.secret.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden datagrams of the open protocol as lab/sealed.py seals them, sealed and opened by each form of the primitives. */
class SealedDatagramVectorTest {
    private static final Path FOLDER = Path.of("src/test/resources/org/imgblstr/protocol");
    private static final Path FILE = FOLDER.resolve("sealing/sealed.txt");
    private static final Pattern BLOCK =
            Pattern.compile("command = (\\S+)\nuse = (\\S+)\nkey = (\\S+)\nsealed = (\\S+)\n");
    private static final int SESSION = 0xA1B2C3D4;
    private static final int EPOCH = 9;
    private static final int SLAVE_INDEX = 0x0203;
    private static final int CRC_BYTES = 4;

    record Sealed(String command, String use, String key, String sealed) {
        @Override
        public String toString() {
            return command + ", " + use;
        }
    }

    static List<Sealed> vectors() throws IOException {
        return BLOCK.matcher(Files.readString(FILE))
                .results()
                .map(block -> new Sealed(block.group(1), block.group(2), block.group(3), block.group(4)))
                .toList();
    }

    /** Those with a key of an epoch or of a pair. */
    static List<Sealed> joined() throws IOException {
        return vectors().stream()
                .filter(vector -> List.of("data", "state", "down", "up").contains(vector.use()))
                .toList();
    }

    @Test
    void thereIsOneForEachCommand() throws IOException {
        assertThat(joined()).hasSize(10);
        assertThat(vectors().stream().map(Sealed::command).distinct()).hasSize(CommandType.values().length);
    }

    @Test
    void anRsvpInItsBox() throws IOException {
        Sealed vector = vectors().get(10);
        for (Primitives primitives : Primitives.all()) {
            ByteBuf rsvp = golden(vector.command());
            RsvpBox box = new RsvpBox(SecretBytes.copyOf(bytes(vector.key())), primitives);
            byte[] cookie = bytes("000102030405060708090a0b0c0d0e0f");
            byte[] exchange = bytes("6465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f80818283");

            int length = box.seal(rsvp, 0, rsvp.readableBytes(), cookie, exchange);

            assertThat(ByteBufUtil.prettyHexDump(rsvp))
                    .isEqualTo(ByteBufUtil.prettyHexDump(direct(bytes(vector.sealed()))));
            assertThat(Datagram.isSound(rsvp)).isTrue();
            var sealed = new SealedRsvpFlyweight().wrap(rsvp);
            assertThat(sealed.isValid()).isTrue();
            assertThat(new RsvpFlyweight().wrap(rsvp).isValid()).isFalse();
            assertThat(sealed.nonce()).isEqualTo(0x1122_3344_5566_7788L);
            assertThat(sealed.cookie()).isEqualTo(cookie);
            assertThat(sealed.exchange()).isEqualTo(exchange);

            int opened = box.open(rsvp, 0, length);

            assertThat(new RsvpFlyweight().wrap(rsvp, 0, opened).isValid()).isTrue();
            ByteBuf golden = golden(vector.command());
            assertThat(opened).isEqualTo(golden.readableBytes());
            assertThat(ByteBufUtil.hexDump(rsvp, 0, opened - CRC_BYTES))
                    .isEqualTo(ByteBufUtil.hexDump(golden, 0, opened - CRC_BYTES));
        }
    }

    @Test
    void eachBitOfAnRsvpInItsBoxCounts() throws IOException {
        Sealed vector = vectors().get(10);
        byte[] bytes = bytes(vector.sealed());
        RsvpBox box = new RsvpBox(SecretBytes.copyOf(bytes(vector.key())), Primitives.best());
        for (int bit = 8 * SealedRsvpFlyweight.BOX; bit < 8 * (bytes.length - CRC_BYTES); bit++) {
            ByteBuf damaged = direct(bytes);
            damaged.setByte(bit / 8, damaged.getByte(bit / 8) ^ 1 << bit % 8);
            assertThat(box.open(damaged, 0, bytes.length)).as("bit " + bit).isZero();
        }
        assertThat(box.open(direct(bytes), 0, bytes.length)).isPositive();
    }

    @Test
    void aConfirmDownloadBringsKeyAndImage() throws IOException {
        Sealed vector = vectors().get(11);
        byte[] groupKey = bytes("6465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f80818283");
        ByteBuf geometry = golden("drive-geometry");
        for (Primitives primitives : Primitives.all()) {
            SecretBytes key = SecretBytes.copyOf(bytes(vector.key()));
            ByteBuf datagram = direct(new byte[0]);
            int length = new SealedConfirmFlyweight()
                    .wrapForWriting(datagram, 0)
                    .answer(golden(vector.command()), 0, 0x0001_0203_0405_0607L)
                    .groupKey(EPOCH, groupKey)
                    .image(geometry, 0)
                    .seal();

            int sealed = PairSealer.ofMaster(key, primitives).sealConfirm(datagram, 0, length);

            assertThat(ByteBufUtil.prettyHexDump(datagram, 0, sealed))
                    .isEqualTo(ByteBufUtil.prettyHexDump(direct(bytes(vector.sealed()))));

            int opened = PairOpener.ofMaster(key, SESSION, new SealCounts(), primitives)
                    .openConfirm(datagram, 0, sealed);
            var read = new SealedConfirmFlyweight().wrap(datagram, 0, opened);

            assertThat(read.isValid()).isTrue();
            assertThat(read.masterNonce()).isEqualTo(0x0001_0203_0405_0607L);
            assertThat(read.epoch()).isEqualTo(EPOCH);
            assertThat(read.groupKey()).isEqualTo(groupKey);
            assertThat(read.hasImage()).isTrue();
            ByteBuf open = direct(new byte[100]);
            var confirm = new ConfirmDownloadFlyweight().wrap(open, 0, read.toOpen(open, 0));
            var golden = new ConfirmDownloadFlyweight().wrap(golden(vector.command()));
            assertThat(confirm.isValid(8)).isTrue();
            assertThat(confirm.nonce()).isEqualTo(golden.nonce()).isEqualTo(read.nonce());
            assertThat(confirm.slave()).isEqualTo(golden.slave());
            assertThat(confirm.usedBytes()).isEqualTo(golden.usedBytes());
        }
    }

    @Test
    void theImageOfAConfirmCompletesADriveGeometry() throws IOException {
        ByteBuf confirm = direct(new byte[0]);
        ByteBuf geometry = golden("drive-geometry");
        var written = new SealedConfirmFlyweight()
                .wrapForWriting(confirm, 0)
                .answer(golden("confirm-download"), 0, 1)
                .groupKey(EPOCH, new byte[32])
                .image(geometry, 0);
        int length = written.seal();
        var read = new SealedConfirmFlyweight().wrap(confirm, 0, length);
        ByteBuf hidden = direct(bytes(vectors().get(12).sealed()));

        int completed = read.putImage(hidden.setIndex(0, 600), 0);

        var open = new DriveGeometryFlyweight().wrap(hidden, 0, completed);
        assertThat(open.isValid()).isTrue();
        assertThat(open.image())
                .usingRecursiveComparison()
                .isEqualTo(new DriveGeometryFlyweight().wrap(geometry).image());
        assertThat(open.sessionName()).isEmpty();
    }

    @Test
    void aConfirmMayLackKeyAndImage() throws IOException {
        ByteBuf confirm = direct(new byte[0]);
        var writer = new SealedConfirmFlyweight().wrapForWriting(confirm, 0).answer(golden("confirm-download"), 0, 1);
        var refused = new SealedConfirmFlyweight().wrap(confirm, 0, writer.seal());
        assertThat(refused.isValid()).isTrue();
        assertThat(refused.hasGroupKey()).isFalse();
        assertThat(refused.hasImage()).isFalse();

        var again = new SealedConfirmFlyweight()
                .wrap(confirm, 0, writer.groupKey(EPOCH, new byte[32]).seal());
        assertThat(again.isValid()).isTrue();
        assertThat(again.hasGroupKey()).isTrue();
        assertThat(again.hasImage()).isFalse();

        int whole = writer.image(golden("drive-geometry"), 0).seal();
        for (int length = 0; length < whole + 40; length++) {
            boolean isValid = new SealedConfirmFlyweight()
                    .wrap(confirm.setIndex(0, 1000), 0, length)
                    .isValid();
            assertThat(isValid).as("length " + length).isEqualTo(length == 56 || length == 92 || length == whole);
        }
    }

    @Test
    void aHelloTellsNothingOfTheImage() throws IOException {
        ByteBuf golden = direct(bytes(vectors().get(12).sealed()));
        var hello = new HelloFlyweight().wrap(golden);

        assertThat(Datagram.isSound(golden)).isTrue();
        assertThat(hello.isValid()).isTrue();
        assertThat(new DriveGeometryFlyweight().wrap(golden).isValid()).isFalse();
        assertThat(new HelloFlyweight().wrap(golden("drive-geometry")).isHello())
                .isFalse();
        assertThat(hello.hello().kind()).isEqualTo(Secret.Kind.KEY_FILE);
        assertThat(hello.fields().symbolBytes()).isEqualTo(1416);
        assertThat(hello.fields().masterPort()).isEqualTo(40_000);
        for (int field = 12; field < 148; field++) {
            ByteBuf told = direct(bytes(vectors().get(12).sealed()));
            told.setByte(field, told.getByte(field) ^ 1);
            boolean isOfImage = (field >= 20 && field < 60)
                    || (field >= 62 && field < 64)
                    || (field >= 76 && field < 80)
                    || field >= 128;
            if (isOfImage) {
                assertThat(new HelloFlyweight().wrap(told).isValid())
                        .as("byte " + field)
                        .isFalse();
            }
        }
    }

    @Test
    void aHelloIsWrittenAsItIsRead() throws IOException {
        ByteBuf golden = direct(bytes(vectors().get(12).sealed()));
        var read = new HelloFlyweight().wrap(golden);
        ByteBuf written = direct(new byte[0]);
        var hello = new HelloFlyweight().wrapForWriting(written, 0).sequence(read.sequence());
        DriveGeometryFlyweight from = read.fields();
        hello.fields()
                .sessionId(from.sessionId())
                .symbolBytes(from.symbolBytes())
                .state(from.state())
                .flags(from.isDelta(), from.isPaused())
                .probeBytes(from.probeBytes())
                .repairWindow(from.repairWindow())
                .sendPosition(from.sendPosition())
                .joined(from.joined())
                .wanted(from.wanted())
                .master(from.masterAddress(), from.masterPort())
                .data(from.dataGroup(), from.dataPort())
                .nodeAddress(from.nodeAddress());
        hello.hello(read.hello()).seal();

        assertThat(ByteBufUtil.prettyHexDump(written)).isEqualTo(ByteBufUtil.prettyHexDump(golden));
    }

    @ParameterizedTest
    @MethodSource("joined")
    void isSealedAsPythonDoes(Sealed vector) throws IOException {
        for (Primitives primitives : Primitives.all()) {
            ByteBuf datagram = golden(vector.command());

            int length = seal(vector, datagram, primitives);

            assertThat(ByteBufUtil.prettyHexDump(datagram, 0, length))
                    .as(primitives.form())
                    .isEqualTo(ByteBufUtil.prettyHexDump(direct(bytes(vector.sealed()))));
            assertThat(datagram.writerIndex()).isEqualTo(length);
        }
    }

    @ParameterizedTest
    @MethodSource("joined")
    void isOpenedToTheGoldenBytes(Sealed vector) throws IOException {
        for (Primitives primitives : Primitives.all()) {
            ByteBuf golden = golden(vector.command());
            ByteBuf datagram = direct(bytes(vector.sealed()));
            boolean isUp = vector.use().equals("up");
            int begin = isUp ? SealedLayout.SLAVE_BYTES : 0;

            int length = open(vector, datagram, primitives);

            assertThat(length).isEqualTo(golden.readableBytes());
            assertThat(ByteBufUtil.hexDump(datagram, begin + 12, length - 12 - CRC_BYTES))
                    .as(primitives.form())
                    .isEqualTo(ByteBufUtil.hexDump(golden, 12, length - 12 - CRC_BYTES));
            assertThat(ByteBufUtil.hexDump(datagram, begin + 3, 5)).isEqualTo(ByteBufUtil.hexDump(golden, 3, 5));
        }
    }

    @Test
    void pythonSaysTheSameToday() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "python3", "../lab/sealed.py", FOLDER.resolve("wire").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assumeTrue(process.waitFor() == 0, "python3-cryptography is not installed");

        assertThat(said).isEqualTo(Files.readString(FILE));
    }

    private static int seal(Sealed vector, ByteBuf datagram, Primitives primitives) {
        SecretBytes key = SecretBytes.copyOf(bytes(vector.key()));
        int length = datagram.readableBytes();
        return switch (vector.use()) {
            case "data" ->
                GroupSealer.ofData(key, EPOCH, datagram.getInt(8) - 1, 0, primitives)
                        .seal(datagram, 0, length);
            case "state" -> GroupSealer.ofState(key, EPOCH, primitives).seal(datagram, 0, length);
            case "down" -> PairSealer.ofMaster(key, primitives).seal(datagram, 0, length);
            default -> PairSealer.ofSlave(key, SLAVE_INDEX, primitives).seal(datagram, 0, length);
        };
    }

    private static int open(Sealed vector, ByteBuf datagram, Primitives primitives) {
        SecretBytes key = SecretBytes.copyOf(bytes(vector.key()));
        int length = datagram.readableBytes();
        return switch (vector.use()) {
            case "down" ->
                PairOpener.ofMaster(key, SESSION, new SealCounts(), primitives).open(datagram, 0, length);
            case "up" ->
                PairOpener.ofSlave(key, SESSION, new SealCounts(), primitives).open(datagram, 0, length);
            default -> opened(new DatagramCipher(key, primitives), datagram, length);
        };
    }

    /** Under a key that is given, not computed from a group key. */
    private static int opened(DatagramCipher cipher, ByteBuf datagram, int length) {
        assertThat(Datagram.keyNibble(datagram, 0)).isEqualTo(SealedLayout.groupNibble(EPOCH));
        assertThat(cipher.open(datagram, 0, 12, length)).isTrue();
        return length - SealedLayout.MORE_BYTES;
    }

    private static ByteBuf golden(String command) throws IOException {
        String hex = Files.readString(FOLDER.resolve("wire/" + command + ".hex"))
                .replaceAll("#.*", "")
                .replaceAll("\\s", "");
        return direct(bytes(hex));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static ByteBuf direct(byte[] bytes) {
        return Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(2048))
                .setIndex(0, 0)
                .writeBytes(bytes);
    }
}
