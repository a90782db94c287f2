package org.imgblstr.cli.common.program;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Gives SLF4J a Logback that is set up by {@link Logging} alone. Logback's own provider would look for files of configuration and tell how long
 * that took: a tenth of a start.
 */
public final class LoggingProvider implements SLF4JServiceProvider {
    private static final String CHOSEN = "slf4j.provider";
    private static final String SAID = "slf4j.internal.verbosity";

    private final LoggerContext context = new LoggerContext();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final LogbackMDCAdapter diagnostics = new LogbackMDCAdapter();

    /** Tells SLF4J of this provider, before anything asks it for a logger. */
    static void choose() {
        System.setProperty(CHOSEN, LoggingProvider.class.getName());
        System.setProperty(SAID, "WARN"); // else it would tell that it was told so
    }

    @Override
    public void initialize() {
        context.setName("default");
        context.setMDCAdapter(diagnostics);
        Logging.begin(context);
        context.start();
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return context;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return diagnostics;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }
}
