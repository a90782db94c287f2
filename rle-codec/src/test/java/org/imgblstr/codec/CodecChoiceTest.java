package org.imgblstr.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecChoiceTest {
    @ParameterizedTest
    @CsvSource({"rle,RLE,0", "none,RAW,0", "zstd,ZSTD,0", "zstd:1,ZSTD,1", "zstd:19,ZSTD,19", "zstd:-5,ZSTD,-5"})
    void readsWhatTheOperatorWrites(String text, CodecId id, int level) {
        assertThat(CodecChoice.parse(text)).isEqualTo(new CodecChoice(id, level));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "zip", "ZSTD", "zstd:", "zstd:x", "zstd:99999999999", "rle:1"})
    void refusesOtherTextAndQuotesIt(String text) {
        assertThatThrownBy(() -> CodecChoice.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("codec: expected rle, zstd, zstd:LEVEL or none, found '" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, -999_999})
    void refusesLevelsThatZstdDoesNotHave(int level) {
        assertThatThrownBy(() -> CodecChoice.parse("zstd:" + level))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("codec level: expected 1 to 19, or ")
                .hasMessageEndingWith("found " + level);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rle", "none", "zstd", "zstd:3", "zstd:-7"})
    void writesTheTextThatItReads(String text) {
        assertThat(CodecChoice.parse(text)).hasToString(text);
    }

    @Test
    void theDefaultIsZstdAtALevelThatAdapts() {
        assertThat(CodecChoice.DEFAULT).isEqualTo(CodecChoice.parse("zstd"));
        assertThat(CodecChoice.DEFAULT.isAdaptive()).isTrue();
        assertThat(CodecChoice.parse("zstd:1").isAdaptive()).isFalse();
        assertThat(CodecChoice.parse("none").isAdaptive()).isFalse();
    }

    @Test
    void aCodecIsKnownByItsCodeAndBit() {
        for (CodecId id : CodecId.values()) {
            assertThat(CodecId.ofCode(id.code())).isSameAs(id);
            assertThat(id.bit()).isEqualTo(1 << id.code());
        }
        assertThat(CodecId.ofCode(4)).isNull();
        assertThat(CodecId.ofCode(-1)).isNull();
    }
}
