package org.imgblstr.cli.common.program;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * Logback without a configuration file: warnings to standard error, more with {@code -v}, everything that is logged also to a file with
 * {@code --log}. In code, because reading an XML file costs more time than all else at the start; found by Logback as a service.
 */
public final class Logging extends ContextAwareBase implements Configurator {
    private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n%ex";
    private static final String SHORT_PATTERN =
            "%replace(%replace(%level){'WARN', 'warning'}){'ERROR', 'error'}: %msg%n%nopex";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(console(context, SHORT_PATTERN));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /**
     * Sets what is logged; for the whole process.
     *
     * @param verbosity 0: warnings, 1: state changes, 2: tracks as well
     * @param file a file that gets the same lines; null for none
     */
    public static void configure(int verbosity, boolean quiet, Path file) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level(verbosity, quiet));
        // Netty tells at DEBUG how it found its natives; nobody who images a disk asks for that.
        context.getLogger("io.netty").setLevel(verbosity > 2 ? Level.DEBUG : Level.WARN);
        if (verbosity > 0) {
            root.detachAppender("console");
            root.addAppender(console(context, PATTERN));
        }
        if (file != null) {
            root.addAppender(file(context, file));
        }
    }

    private static Level level(int verbosity, boolean quiet) {
        if (quiet) {
            return Level.ERROR;
        }
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

    private static FileAppender<ILoggingEvent> file(LoggerContext context, Path file) {
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setName("file " + file);
        appender.setFile(file.toString());
        return started(context, appender, PATTERN);
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
