package org.imgblstr.cli.common.program;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.filter.Filter;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Logback without a configuration file: warnings to standard error, more with {@code -v}, all that and the {@link Account} to a file
 * with {@code --log}. In code, because reading an XML file costs more time than all else at the start.
 */
public final class Logging {
    private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n%ex";
    private static final String SHORT_PATTERN =
            "%replace(%replace(%level){'WARN', 'warning'}){'ERROR', 'error'}: %msg%n%nopex";

    /** Times as in RFC 3339, and no line of a message can pass for a line of the log. */
    private static final String FILE_PATTERN = "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\"} "
            + "%replace(%level %logger{0}: ){'^INFO " + Account.NAME + ": $', ''}%replace(%msg){'[\\r\\n]', ' '}%n%ex";

    private static final String FILE = "file";

    private Logging() {}

    /** What is logged before the options are known. */
    static void begin(LoggerContext context) {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(console(context, SHORT_PATTERN));
        Logger account = context.getLogger(Account.NAME);
        account.setAdditive(false);
        account.setLevel(Level.OFF);
    }

    /**
     * Sets what is logged; for the whole process.
     *
     * @param verbosity 0: warnings, 1: state changes, 2: tracks as well
     * @param quiet errors only, on standard error
     */
    public static void configure(int verbosity, boolean quiet) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level(verbosity));
        filter(root.getAppender("console"), quiet ? Level.ERROR : Level.TRACE);
        // Netty tells at DEBUG how it found its natives; nobody who images a disk asks for that.
        context.getLogger("io.netty").setLevel(verbosity > 2 ? Level.DEBUG : Level.WARN);
        if (verbosity > 0) {
            root.detachAppender("console");
            root.addAppender(console(context, PATTERN));
        }
        Logger account = context.getLogger(Account.NAME);
        account.setLevel(Level.OFF);
        account.detachAndStopAllAppenders();
        root.detachAppender(FILE);
    }

    /** While it is open warnings are not shown on standard error. */
    public interface Hush extends AutoCloseable {
        @Override
        void close();
    }

    /** Shows no warnings until the result is closed, unless {@code -v} asked for more: what is about to be shown says the same in its own words. */
    public static Hush hush() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Appender<ILoggingEvent> console = root.getAppender("console");
        if (console == null || root.getLevel() != Level.WARN) {
            return () -> {};
        }
        List<Filter<ILoggingEvent>> before = console.getCopyOfAttachedFiltersList();
        filter(console, Level.ERROR);
        return () -> {
            console.clearAllFilters();
            before.forEach(console::addFilter);
        };
    }

    /** What is logged goes to the end of a file too, and with it the account. */
    static void toFile(Path file) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setName(FILE);
        appender.setFile(file.toString());
        started(context, appender, FILE_PATTERN);
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
        Logger account = context.getLogger(Account.NAME);
        account.setLevel(Level.INFO);
        account.addAppender(appender);
    }

    private static void filter(Appender<ILoggingEvent> console, Level least) {
        ThresholdFilter filter = new ThresholdFilter();
        filter.setLevel(least.toString());
        filter.start();
        if (console != null) {
            console.clearAllFilters();
            console.addFilter(filter);
        }
    }

    private static Level level(int verbosity) {
        return switch (verbosity) {
            case 0 -> Level.WARN;
            case 1 -> Level.INFO;
            default -> Level.DEBUG;
        };
    }

    private static ConsoleAppender<ILoggingEvent> console(LoggerContext context, String pattern) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setName("console");
        appender.setTarget("System.err");
        return started(context, appender, pattern);
    }

    private static <T extends OutputStreamAppender<ILoggingEvent>> T started(
            LoggerContext context, T appender, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }
}
