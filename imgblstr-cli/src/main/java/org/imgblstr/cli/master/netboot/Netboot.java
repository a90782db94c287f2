package org.imgblstr.cli.master.netboot;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.program.SystemUser;
import org.imgblstr.protocol.contract.ExitCode;

/** One run of netboot, all of whose options have been checked. */
final class Netboot {
    /** A signal to all processes of a service, or of a terminal, may reach dnsmasq first. */
    private static final long SIGNAL_MS = 500;

    /** Stands in the plan for what is only known when netboot runs. */
    private static final String FOLDER = "/run/imgblstr-netboot-...";

    private static final HardwareAddress EXAMPLE = new HardwareAddress("52:54:00:12:34:56");

    private final DnsmasqSettings settings;
    private final BootMenus menus;
    private final int port;
    private final Setting setting;

    /**
     * Puts a run together.
     *
     * @param range null beside another DHCP server
     * @param port of the HTTP server
     */
    Netboot(
            BootNetwork network,
            AddressRange range,
            BootLoaders loaders,
            BootArguments arguments,
            int port,
            Setting setting) {
        String host = network.ownAddress() + (port == NetbootCommand.PORT ? "" : ":" + port);
        this.menus = new BootMenus(host, arguments);
        this.settings = new DnsmasqSettings(network, range, loaders, menus.url(BootMenus.START));
        this.port = port;
        this.setting = setting;
    }

    /** Settings of dnsmasq and all menus, as text. */
    List<String> plan() {
        List<String> plan = new ArrayList<>();
        add(plan, "dnsmasq.conf", String.join("\n", settings.lines(FOLDER + "/tftp")));
        add(plan, BootMenus.START, menus.ipxeStart());
        add(plan, BootMenus.IPXE + "pcbios/" + EXAMPLE.withHyphens(), menus.ipxeLive(EXAMPLE));
        add(plan, "the same, once this machine was imaged", menus.ipxeOwnDisk());
        if (settings.loaders().hasGrub()) {
            add(plan, "grub.cfg", menus.grub(settings.network().ownAddress()));
            add(plan, BootMenus.IMAGED + "/" + EXAMPLE + ", once this machine was imaged", BootMenus.grubOwnDisk());
        }
        return plan;
    }

    private static void add(List<String> plan, String title, String text) {
        plan.add("# " + title);
        plan.addAll(text.lines().toList());
        plan.add("");
    }

    /**
     * Serves until the operator ends it.
     *
     * @throws CliException exit code 130 when the operator has ended it, 17 when dnsmasq has ended or a port is taken, 2 without root
     */
    void serve(LiveImage image) throws IOException, InterruptedException {
        checkRoot();
        TakenPorts.check(settings.network());
        PrintStream err = setting.streams().err();
        InetSocketAddress place = new InetSocketAddress(settings.network().address(), port);
        try (BootFolder folder = BootFolder.make(settings, menus, image)) {
            Machines machines = new Machines(err::println, machine -> mark(folder, machine));
            serve(folder, machines, BootServer.start(place, image, menus, machines));
        }
    }

    private void serve(BootFolder folder, Machines machines, BootServer started)
            throws IOException, InterruptedException {
        try (BootServer server = started;
                Dnsmasq dnsmasq = Dnsmasq.start(
                        settings.loaders().dnsmasq(),
                        folder.settings(),
                        new DnsmasqLog(settings.loaders(), machines)::onLine)) {
            await(dnsmasq, server.port());
        }
    }

    private void mark(BootFolder folder, HardwareAddress machine) {
        try {
            folder.markImaged(machine);
        } catch (IOException e) {
            setting.streams().err().println(machine + ": may be imaged again, because no mark can be made: " + e);
        }
    }

    @SuppressWarnings("try") // The registration only has to be closed.
    private void await(Dnsmasq dnsmasq, int usedPort) throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (Interruption.Registration registration = setting.interruption().onInterrupt(() -> {
            dnsmasq.stop();
            interrupted.countDown();
        })) {
            dnsmasq.awaitStart();
            if (dnsmasq.isRunning()) {
                sayReady(usedPort);
            }
            String end = dnsmasq.awaitEnd();
            interrupted.await(SIGNAL_MS, TimeUnit.MILLISECONDS);
            setting.interruption().check();
            throw new CliException(
                    ExitCode.NETWORK,
                    "dnsmasq, which served DHCP and TFTP, has ended with " + end
                            + "; nothing is served any more: start netboot again");
        }
    }

    private void sayReady(int usedPort) {
        PrintStream err = setting.streams().err();
        BootNetwork network = settings.network();
        String addresses = settings.range() == null
                ? "addresses come from the DHCP server of this network"
                : "gives the addresses " + settings.range();
        err.println("serves the live image on " + network.interfaceName() + " (" + network.ownAddress() + ", TCP port "
                + usedPort + "); " + addresses);
        settings.loaders().lacks().forEach(err::println);
        err.println("ready: switch the machines on, and let them boot from the network; Ctrl-C ends");
    }

    private static void checkRoot() {
        if (!SystemUser.isRoot()) {
            throw CliException.usage("netboot must run as root, because DHCP, TFTP and HTTP have ports below 1024;"
                    + " --plan shows what it would do");
        }
    }
}
