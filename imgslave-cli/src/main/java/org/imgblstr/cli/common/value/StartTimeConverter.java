package org.imgblstr.cli.common.value;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code 22:30} or {@code 2026-11-30T02:00}, in local time. A time of day that has passed means tomorrow. A date that has passed, or is more than a
 * week ahead, is taken for a mistake.
 */
public final class StartTimeConverter implements ITypeConverter<ZonedDateTime> {
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final Pattern TIME_OF_DAY = Pattern.compile("[0-9]{2}:[0-9]{2}(:[0-9]{2})?");
    private static final Pattern DATE_AND_TIME = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T" + TIME_OF_DAY);

    private final Clock clock;

    public StartTimeConverter() {
        this(Clock.system(ZoneId.systemDefault()));
    }

    StartTimeConverter(Clock clock) {
        this.clock = clock;
    }

    @Override
    public ZonedDateTime convert(String value) {
        ZonedDateTime now = ZonedDateTime.now(clock);
        ZonedDateTime start = read(value, now);
        if (start.isBefore(now)) {
            throw new TypeConversionException("'" + value + "' has passed: it is " + text(now) + " now");
        }
        if (Duration.between(now, start).compareTo(LONGEST) > 0) {
            throw new TypeConversionException(
                    "'" + value + "' is more than 7 days ahead: it is " + text(now) + " now; is the date right?");
        }
        return start;
    }

    /** As a person reads it: {@code 2026-11-30 02:00 CET}. */
    public static String text(ZonedDateTime time) {
        String clock = time.getSecond() == 0 ? "HH:mm" : "HH:mm:ss";
        return time.format(DateTimeFormatter.ofPattern("yyyy-MM-dd " + clock + " z", Locale.ROOT));
    }

    private static ZonedDateTime read(String value, ZonedDateTime now) {
        try {
            if (TIME_OF_DAY.matcher(value).matches()) {
                LocalTime time = LocalTime.parse(value);
                LocalDate today = now.toLocalDate();
                ZonedDateTime start = today.atTime(time).atZone(now.getZone());
                return start.isAfter(now)
                        ? start
                        : today.plusDays(1).atTime(time).atZone(now.getZone());
            }
            if (DATE_AND_TIME.matcher(value).matches()) {
                return LocalDateTime.parse(value).atZone(now.getZone());
            }
        } catch (DateTimeException e) {
            throw wrong(value);
        }
        throw wrong(value);
    }

    private static TypeConversionException wrong(String value) {
        return new TypeConversionException(
                "'" + value + "' is no time: expected 22:30, or with a date 2026-11-30T02:00, in local time");
    }
}
