package org.imgblstr.cli.common.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class StartTimeConverterTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest(name = "[{index}] {1} at {0}")
    @CsvSource({
        "2026-11-29T18:00, 22:30, 2026-11-29T22:30+01:00",
        "2026-11-29T23:00, 22:30, 2026-11-30T22:30+01:00",
        "2026-11-29T22:30, 22:30, 2026-11-30T22:30+01:00",
        "2026-12-31T23:00, 00:15:30, 2027-01-01T00:15:30+01:00",
        "2026-11-29T18:00, 2026-11-30T02:00, 2026-11-30T02:00+01:00",
        "2026-11-29T18:00, 2026-12-06T18:00, 2026-12-06T18:00+01:00",
        // The night of the change to summer time has no 02:30.
        "2026-03-28T18:00, 02:30, 2026-03-29T03:30+02:00",
        "2026-03-28T18:00, 04:00, 2026-03-29T04:00+02:00"
    })
    void aTimeThatHasPassedTodayMeansTomorrow(String now, String value, String start) {
        assertThat(at(now).convert(value).toOffsetDateTime()).hasToString(start);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource({
        "2026-11-29T17:59, has passed",
        "2025-11-30T02:00, has passed",
        "2026-12-06T18:01, more than 7 days ahead",
        "2027-11-30T02:00, more than 7 days ahead",
        "24:00, is no time",
        "22:60, is no time",
        "2026-11-31T02:00, is no time",
        "2026-13-01T02:00, is no time",
        "2:30, is no time",
        "22.30, is no time",
        "tomorrow, is no time",
        "'', is no time",
        "2026-11-30, is no time",
        "2026-11-30T02:00Z, is no time",
        "10m, is no time"
    })
    void whatCannotBeMeantIsRefused(String value, String message) {
        StartTimeConverter converter = at("2026-11-29T18:00");
        assertThatThrownBy(() -> converter.convert(value))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource({"22:30, 2026-11-29 22:30 CET", "22:30:15, 2026-11-29 22:30:15 CET"})
    void secondsAreSaidWhereThereAreSome(String value, String text) {
        assertThat(StartTimeConverter.text(at("2026-11-29T18:00").convert(value)))
                .isEqualTo(text);
    }

    private static StartTimeConverter at(String now) {
        ZonedDateTime time = LocalDateTime.parse(now).atZone(BERLIN);
        return new StartTimeConverter(Clock.fixed(time.toInstant(), BERLIN));
    }
}
