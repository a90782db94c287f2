package org.imgblstr.cli.common.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.imgblstr.protocol.contract.PortRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {
    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource({"500ms, 500", "30s, 30000", "7, 7000", "5m, 300000", "1h, 3600000", "2d, 172800000"})
    void durationsHaveUnits(String text, long millis) {
        assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @ValueSource(strings = {"", "-1s", "1.5h", "5 m", "s", "99999999999s", "1w"})
    void anythingElseIsNoDuration(String text) {
        assertThatThrownBy(() -> new DurationConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource({
        "900M, 900000000",
        "1.5G, 1500000000",
        "250000k, 250000000",
        "100000, 100000",
        "auto, 0",
        "10Gbit, 10000000000"
    })
    void bitRatesAreDecimal(String text, long bits) {
        assertThat(new BitRateConverter().convert(text)).isEqualTo(bits);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @ValueSource(strings = {"", "fast", "1", "-5M", "500G", "1.5.5G", "99999", "1e9"})
    void anythingElseIsNoBitRate(String text) {
        assertThatThrownBy(() -> new BitRateConverter().convert(text)).isInstanceOf(TypeConversionException.class);
    }

    @Test
    void aGroupMayNameItsPort() {
        var group = new GroupConverter().convert("239.1.2.3");
        assertThat(group.getAddress().getHostAddress()).isEqualTo("239.1.2.3");
        assertThat(group.getPort()).as("not named").isZero();
        assertThat(new GroupConverter().convert("224.0.1.1:1").getPort()).isEqualTo(1);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource({
        "18765, 18765, 18766, 18781",
        "4000:5000, 4000, 5000, 5000",
        "65530, 65530, 65531, 65535",
        "7:7, 7, 7, 7"
    })
    void portsNameGroupsAndMaster(String text, int groups, int first, int last) {
        Ports ports = new PortsConverter().convert(text);
        assertThat(ports.groups()).isEqualTo(groups);
        assertThat(ports.masterPorts()).isEqualTo(new PortRange(first, last));
        assertThat(ports.lacksMasterPort()).isFalse();
    }

    @Test
    void noPortIsAboveTheLast() {
        assertThat(new PortsConverter().convert("65535").lacksMasterPort()).isTrue();
        assertThat(new PortsConverter().convert("65535:1").lacksMasterPort()).isFalse();
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @ValueSource(strings = {"", "0", "65536", "1:0", "1:65536", "1:", ":1", "1-2", "a", "1:2:3", "-1", "999999", " 1"})
    void anythingElseIsNoPorts(String text) {
        assertThatThrownBy(() -> new PortsConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @ValueSource(
            strings = {"", "10.0.0.1", "240.0.0.1", "239.1.2", "239.1.2.256", "239.1.2.3:0", "239.1.2.3:65536", "host:5"
            })
    void aGroupMustBeMulticast(String text) {
        assertThatThrownBy(() -> new GroupConverter().convert(text)).isInstanceOf(TypeConversionException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1, 99_999, 400_000_000_001L, Long.MAX_VALUE})
    void aSessionSendsAtNoSuchRate(long bits) {
        assertThat(BitRateConverter.isRate(bits)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 100_000, 400_000_000_000L})
    void aSessionSendsAtSuchARate(long bits) {
        assertThat(BitRateConverter.isRate(bits)).isTrue();
    }
}
