package org.imgblstr.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes of docs/rle-format.md. */
class RunLengthVectorTest {
    private static byte[] exampleTrack() {
        return ByteBuffer.allocate(512)
                .put("imgblstr".getBytes(StandardCharsets.US_ASCII))
                .put(new byte[300])
                .put(new byte[] {1, 2, 2, 3})
                .put(filled(200, 0xFF))
                .array();
    }

    private static byte[] filled(int count, int value) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] exampleOfTheSpecification() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "rle-format.md"));
        var block = Pattern.compile("```hex\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(block.find()).isTrue();
        var hex = new StringBuilder();
        block.group(1).lines().forEach(line -> hex.append(line.substring(0, 29).replace(" ", "")));
        return HexFormat.of().parseHex(hex);
    }

    private static byte[] encode(byte[] raw) {
        byte[] target = new byte[raw.length + 8];
        return Arrays.copyOf(target, RunLengthCodec.encode(raw, raw.length, target, target.length));
    }

    private static byte[] decode(String hex, int length) throws MalformedTrackException {
        byte[] payload = HexFormat.of().parseHex(hex);
        byte[] raw = new byte[length];
        RunLengthCodec.decode(payload, payload.length, EncodedTrack.HEADER_BYTES, raw, length);
        return raw;
    }

    @Test
    void theExampleOfTheSpecificationIsWhatTheEncoderWritesAndTheDecoderReads() throws Exception {
        byte[] example = exampleOfTheSpecification();
        assertThat(example).hasSize(21);
        assertThat(encode(exampleTrack())).isEqualTo(example);
        assertThat(decode(HexFormat.of().formatHex(example), 512)).isEqualTo(exampleTrack());
    }

    @ParameterizedTest
    @CsvSource({
        "1,8000",
        "126,FD00",
        "127,FE00",
        "128,FF0000",
        "255,FF7F00",
        "256,FF800100",
        "16511,FFFF7F00",
        "16512,FF80800100",
        "262144,FF80FF0F00",
        "2097279,FFFFFF7F00",
        "2097280,FF8080800100"
    })
    void runsOfEveryLengthAreOneToken(int length, String payload) throws Exception {
        assertThat(decode(payload, length)).isEqualTo(new byte[length]);
        if (length >= RunLengthCodec.MIN_RUN + 1) {
            assertThat(encode(new byte[length])).isEqualTo(HexFormat.of().parseHex(payload));
        }
    }

    @Test
    void decodersTakeTokensThatOurEncoderDoesNotWrite() throws Exception {
        // given runs of one and a long form of extension 0, run of 128
        assertThat(decode("8001" + "8002" + "FF80808000" + "AA", 130).length).isEqualTo(130);
    }

    @ParameterizedTest
    @CsvSource({
        "4,8500,24", // more than wanted
        "4,030102,27", // literals cut off
        "4,83,25", // run without its byte
        "4,8200,26", // fewer than wanted
        "200,FF,25", // no extension
        "200,FFC8,26", // extension cut off
        "200,FFFFFFFFFF7F00,25", // extension of five bytes
        "4,03010203048000,29", // a token too many
        "4,7FFFFFFF7F,24" // more than any track
    })
    void malformedPayloadsAreRejectedAtTheirByte(int length, String payload, int offset) {
        assertThatThrownBy(() -> decode(payload, length))
                .isInstanceOfSatisfying(MalformedTrackException.class, e -> assertThat(e.offset())
                        .isEqualTo(offset));
    }

    @Test
    void anEmptyPayloadGivesNothing() {
        assertThatThrownBy(() -> decode("", 1)).isInstanceOf(MalformedTrackException.class);
    }
}
