package org.imgblstr.cli.master.control;

import java.util.List;
import java.util.concurrent.Callable;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.value.BitRateConverter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that act on a running session: {@code imgblstr status}, {@code start} and so on. */
public final class ControlCommands {
    private ControlCommands() {}

    /** All of them. */
    public static List<Object> all(Setting setting) {
        return List.of(
                new Status(setting),
                new Start(setting),
                new Kick(setting),
                order(setting, "pause", "Send no data until the session is resumed; no slave is lost meanwhile."),
                order(setting, "resume", "Let a paused session go on."),
                new Rate(setting),
                order(setting, "abort", "End the session as Ctrl-C does. Before its start, slaves listen again."));
    }

    private static CommandLine order(Setting setting, String name, String description) {
        CommandLine command = new CommandLine(new Order(setting, name));
        command.getCommandSpec().name(name).usageMessage().description(description);
        return command;
    }

    private abstract static class Base implements Callable<Integer> {
        private final Setting setting;

        @Mixin
        private ControlOptions options;

        Base(Setting setting) {
            this.setting = setting;
        }

        abstract ControlRequest request(boolean isJson);

        @Override
        public Integer call() throws Exception {
            return options.ask(setting, request(options.isJson()));
        }
    }

    /** An order that needs nothing but its name. */
    @Command
    private static final class Order extends Base {
        private final String name;

        Order(Setting setting, String name) {
            super(setting);
            this.name = name;
        }

        @Override
        ControlRequest request(boolean isJson) {
            return ControlRequest.of(name);
        }
    }

    @Command(name = "status", description = "Show where the session that runs on this host is, and its slaves.")
    private static final class Status extends Base {
        Status(Setting setting) {
            super(setting);
        }

        @Override
        ControlRequest request(boolean isJson) {
            return new ControlRequest("status", "", 0, false, !isJson);
        }
    }

    @Command(
            name = "start",
            description =
                    "Start the session with the slaves that have joined, as Enter does; before the time of --at, open it.")
    private static final class Start extends Base {
        @Option(names = "--yes", description = "Start also when fewer than --slaves have joined.")
        private boolean yes;

        Start(Setting setting) {
            super(setting);
        }

        @Override
        ControlRequest request(boolean isJson) {
            return new ControlRequest("start", "", 0, yes, false);
        }
    }

    @Command(name = "kick", description = "Remove a slave from the session, which goes on with the others.")
    private static final class Kick extends Base {
        @Parameters(paramLabel = "LABEL", description = "The slave: its label, address or number (3 or #3).")
        private String who;

        Kick(Setting setting) {
            super(setting);
        }

        @Override
        ControlRequest request(boolean isJson) {
            return new ControlRequest("kick", who, 0, false, false);
        }
    }

    @Command(name = "rate", description = "Change the send rate of the session.")
    private static final class Rate extends Base {
        @Parameters(
                paramLabel = "BITS|auto",
                converter = BitRateConverter.class,
                description = "Send rate on the wire, as 900M or 1.5G; auto adapts.")
        private long bits;

        Rate(Setting setting) {
            super(setting);
        }

        @Override
        ControlRequest request(boolean isJson) {
            return new ControlRequest("rate", "", bits, false, false);
        }
    }
}
