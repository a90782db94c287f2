package org.imgblstr.cli.master.netboot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.imgblstr.cli.common.options.SubOptions;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.protocol.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code imgblstr netboot}: serves the live image to a room until the operator ends it. */
@Command(
        name = "netboot",
        description = {
            "Serve the live image to machines that boot from the network, with BIOS or UEFI.",
            "A machine that was imaged starts its own disk from then on, until netboot is started anew."
        })
public final class NetbootCommand implements Callable<Integer> {
    /** The port that a URL means when it names none. */
    static final int PORT = 80;

    private static final int HIGHEST_PORT = 65_535;

    private final Setting setting;

    @Mixin
    private SubOptions options;

    @Option(
            names = "--interface",
            paramLabel = "IF",
            required = true,
            description = "Network interface to the machines, by name or address; nothing is served on others.")
    private String interfaceName;

    @Option(
            names = "--dhcp",
            paramLabel = "START,END",
            description =
                    "Give machines the addresses from START to END. Without this option another DHCP server of the"
                            + " network gives them.")
    private String range;

    @Option(
            names = "--live",
            paramLabel = "FOLDER",
            defaultValue = ".",
            description = "Folder with vmlinuz and initrd.img of the live image (default: the current folder).")
    private Path folder;

    @Option(
            names = "--append",
            paramLabel = "ARGUMENTS",
            defaultValue = "",
            description =
                    "Kernel arguments for the live image, all in one word, as"
                            + " 'imgslave.disk=only imgslave.then=reboot'. Without imgslave.disk, each machine asks at its console.")
    private String arguments;

    @Option(names = "--port", paramLabel = "N", description = "TCP port of the HTTP server (default: 80).")
    private int port = PORT;

    @Option(names = "--plan", description = "Show the settings of dnsmasq and the boot menus, then stop.")
    private boolean plan;

    public NetbootCommand(Setting setting) {
        this.setting = setting;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.apply();
        if (port < 1 || port > HIGHEST_PORT) {
            throw CliException.usage("--port: expected 1 to " + HIGHEST_PORT + ", found " + port);
        }
        BootArguments checked = BootArguments.parse(arguments);
        BootNetwork network = BootNetwork.of(interfaceName);
        AddressRange addresses = range == null ? null : AddressRange.parse(range, network);
        try (LiveImage image = LiveImage.open(folder)) {
            BootLoaders loaders = BootLoaders.find(Path.of("/"), addresses == null);
            Netboot netboot = new Netboot(network, addresses, loaders, checked, port, setting);
            if (plan) {
                netboot.plan().forEach(setting.streams().out()::println);
                loaders.lacks().forEach(setting.streams().err()::println);
            } else {
                netboot.serve(image);
            }
            return ExitCode.DONE;
        }
    }
}
