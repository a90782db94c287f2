package org.imgblstr.protocol.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a master asks for once the copy is done: the field of Confirm Download, in the open layout and in that of a sealed session. */
class AskedFieldTest {
    private static final int FLAGS = 34;
    private static final int KINDS = 44;
    private static final int GROW_BYTES = 45;
    private static final int NAME_BYTES = 46;
    private static final int TEXTS = 47;
    private static final String NAME_CHARS = "abzAZ09.:{}-";

    private static ByteBuf datagram(AfterCopy asked) {
        ByteBuf datagram = Unpooled.buffer(2048);
        confirm(datagram, Result.OK).asked(asked).seal();
        return datagram;
    }

    private static ConfirmDownloadFlyweight confirm(ByteBuf into, Result result) {
        return new ConfirmDownloadFlyweight()
                .wrapForWriting(into, 0)
                .session(7)
                .nonce(11)
                .slave(3)
                .result(result)
                .reportIntervalMs(200)
                .resume(true)
                .usedBytes(1 << 20);
    }

    private static ConfirmDownloadFlyweight read(ByteBuf datagram) {
        return new ConfirmDownloadFlyweight().wrap(datagram);
    }

    private static boolean isValid(ByteBuf datagram) {
        return read(Vectors.resealed(datagram)).isValid(Samples.TRACK_COUNT);
    }

    private static AfterCopy drawn(Random random) {
        StringBuilder name = new StringBuilder();
        int nameChars = 1 + random.nextInt(AfterCopy.MOST_NAME_BYTES);
        for (int i = 0; i < nameChars; i++) {
            name.append(NAME_CHARS.charAt(random.nextInt(NAME_CHARS.length())));
        }
        StringBuilder part = new StringBuilder();
        int partChars = random.nextInt(AfterCopy.MOST_GROW_BYTES / 2 + 1);
        for (int i = 0; i < partChars; i++) {
            part.append(random.nextBoolean() ? 'ö' : 'p');
        }
        return new AfterCopy(
                random.nextBoolean() ? part.toString() : null,
                random.nextBoolean(),
                random.nextBoolean() ? name.toString() : null);
    }

    @Test
    void whatIsAskedForComesBackInBothLayouts() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            AfterCopy asked = drawn(random);
            ByteBuf open = datagram(asked);
            assertThat(isValid(open)).as("seed %d: %s", seed, asked).isTrue();
            assertThat(read(open).asked()).as("seed %d", seed).isEqualTo(asked);
            assertThat(read(open).isResume()).isTrue();

            ByteBuf opened = Unpooled.buffer(2048);
            SealedConfirmFlyweight sealed = sealed(open);
            opened.writerIndex(sealed.toOpen(opened, 0));
            assertThat(sealed.isValid()).as("seed %d: %s", seed, asked).isTrue();
            assertThat(sealed.hasImage()).isFalse();
            assertThat(isValid(opened)).isTrue();
            assertThat(read(opened).asked()).as("seed %d", seed).isEqualTo(asked);
        }
    }

    private static SealedConfirmFlyweight sealed(ByteBuf open) {
        SealedConfirmFlyweight sealed = new SealedConfirmFlyweight()
                .wrapForWriting(Unpooled.buffer(2048), 0)
                .answer(open, 0, 5)
                .groupKey(9, new byte[SealedConfirmFlyweight.GROUP_KEY_BYTES])
                .asked(open, 0, open.readableBytes());
        assertThat(sealed.seal()).isLessThanOrEqualTo(Datagram.CONTROL_BYTES - CommandFlyweight.TAG_BYTES);
        return sealed;
    }

    @Test
    void theLongestTextsFit() {
        AfterCopy longest =
                new AfterCopy("p".repeat(AfterCopy.MOST_GROW_BYTES), true, "n".repeat(AfterCopy.MOST_NAME_BYTES));
        ByteBuf open = datagram(longest);
        assertThat(isValid(open)).isTrue();
        assertThat(read(open).asked()).isEqualTo(longest);
        assertThat(sealed(open).isValid()).isTrue();
        // One byte more than there may be of either: the lengths of the fields say 129.
        assertThat(isValid(open.copy().setByte(GROW_BYTES, 129).setByte(NAME_BYTES, 127)))
                .isFalse();
        assertThat(isValid(open.copy().setByte(GROW_BYTES, 127).setByte(NAME_BYTES, 129)))
                .isFalse();
    }

    @Test
    void nothingIsWrittenForNothing() {
        ByteBuf open = datagram(AfterCopy.NOTHING);
        assertThat(open.readableBytes()).isEqualTo(KINDS + CommandFlyweight.TRAILER_BYTES);
        assertThat(read(open).asked()).isEqualTo(AfterCopy.NOTHING);
        assertThat(sealed(open).length()).isEqualTo(88 + CommandFlyweight.TRAILER_BYTES);
    }

    @Test
    void aFieldThatIsCutIsRefusedAndOneWithoutTheFlagIsIgnored() {
        ByteBuf whole = datagram(new AfterCopy("root", true, "lab-{index:02}"));
        int length = whole.readableBytes();
        for (int cut = KINDS + CommandFlyweight.TRAILER_BYTES; cut < length; cut++) {
            assertThat(isValid(whole.copy(0, cut))).as("%d bytes", cut).isFalse();
        }
        ByteBuf unflagged = whole.copy().setShort(FLAGS, 1);
        assertThat(isValid(unflagged)).isTrue();
        assertThat(read(unflagged).asked()).isEqualTo(AfterCopy.NOTHING);
    }

    @Test
    void bytesBehindTheFieldAreIgnored() {
        AfterCopy asked = new AfterCopy("", false, "pc");
        ByteBuf longer = Unpooled.copiedBuffer(datagram(asked), Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
        assertThat(isValid(longer)).isTrue();
        assertThat(read(longer).asked()).isEqualTo(asked);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 128, 0xFF})
    void aKindThatIsNotKnownIsRefused(int kinds) {
        assertThat(isValid(datagram(new AfterCopy("", true, "pc")).setByte(KINDS, kinds)))
                .isFalse();
    }

    @Test
    void aTextOfAKindThatIsNotAskedForIsRefused() {
        AfterCopy both = new AfterCopy("root", true, "pc");
        assertThat(isValid(datagram(both).setByte(KINDS, 6))).isFalse();
        assertThat(isValid(datagram(both).setByte(KINDS, 3))).isFalse();
        assertThat(isValid(datagram(both).setByte(NAME_BYTES, 0))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"@/etc/shadow", "a/b", "a b", "a\nb", "pc\u00f6", "a_b", "$(id)"})
    void aHostNameWithOtherCharactersIsRefused(String name) {
        byte[] bytes = name.getBytes(UTF_8);
        ByteBuf open = datagram(new AfterCopy(null, false, "x".repeat(bytes.length)));
        assertThat(isValid(open.setBytes(TEXTS, bytes))).isFalse();
        assertThatThrownBy(() -> new AfterCopy(null, false, name)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"1B5B324A", "C3C3C3C3", "0A0A0A0A", "E280AE61"})
    void aPartitionThatCannotBeShownIsRefused(String hex) {
        ByteBuf open = datagram(new AfterCopy("root", false, null));
        assertThat(isValid(open.setInt(TEXTS, (int) Long.parseLong(hex, 16)))).isFalse();
    }

    @Test
    void whoIsRefusedIsAskedForNothing() {
        ByteBuf open = Unpooled.buffer(2048);
        confirm(open, Result.FULL).slave(0).asked(new AfterCopy("", true, null)).seal();
        assertThat(isValid(open)).isTrue();
        assertThat(read(open).asked()).isEqualTo(AfterCopy.NOTHING);
    }

    @Test
    void junkBehindTheFixedFieldsDoesNoHarm() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int valid = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] junk = new byte[random.nextInt(40)];
            random.nextBytes(junk);
            for (int at = 0; at < Math.min(3, junk.length); at++) {
                junk[at] = (byte) random.nextInt(8);
            }
            ByteBuf open = Unpooled.buffer(2048);
            confirm(open, Result.OK).seal();
            open.setShort(FLAGS, 4).writerIndex(KINDS).writeBytes(junk).writeInt(0);
            if (isValid(open)) {
                valid++;
                assertThat(datagram(read(open).asked()).readableBytes())
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(open.readableBytes());
            }
        }
        assertThat(valid).isBetween(1, 49_000);
    }
}
