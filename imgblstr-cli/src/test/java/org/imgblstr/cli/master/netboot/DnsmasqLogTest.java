package org.imgblstr.cli.master.netboot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DnsmasqLogTest {
    private static final String HEAD = "Nov 30 01:02:03 dnsmasq-dhcp[812]: ";

    @TempDir
    private Path folder;

    private final List<String> said = new ArrayList<>();
    private DnsmasqLog log;

    @BeforeEach
    void start() throws IOException {
        log = new DnsmasqLog(Rooms.loaders(folder, Rooms.IPXE), new Machines(said::add, machine -> {}));
    }

    private void ask(String number, String kind, String line) {
        log.onLine(HEAD + number + " available DHCP range: 10.77.0.100 -- 10.77.0.150");
        log.onLine(HEAD + number + " vendor class: PXEClient:Arch:" + kind + ":UNDI:003016");
        log.onLine(HEAD + number + " " + line);
    }

    @Test
    void eachMachineIsSaidOnceWithItsKindAndWhatItGets() {
        ask("11", "00000", "DHCPDISCOVER(eth0) 52:54:00:00:00:01 ");
        ask("11", "00000", "DHCPDISCOVER(eth0) 52:54:00:00:00:01 ");
        ask("12", "00007", "DHCPDISCOVER(eth0) 10.77.0.101 52:54:00:00:00:02 ");
        ask("13", "00006", "PXE(eth0) 52:54:00:00:00:03 proxy");

        assertThat(said)
                .containsExactly(
                        "52:54:00:00:00:01: BIOS, gets iPXE",
                        "52:54:00:00:00:02: UEFI, will not boot: no boot loader is installed for it",
                        "52:54:00:00:00:03: will not boot: the live image is for x86-64, and this machine is of architecture 6");
    }

    @Test
    void besideAnotherServerAMachineWithUefiGetsIpxeWhichAsksByHttp() throws IOException {
        log = new DnsmasqLog(Rooms.loadersOfProxy(folder, Rooms.IPXE_UEFI), new Machines(said::add, machine -> {}));
        ask("16", "00007", "PXE(eth0) 52:54:00:00:00:06 proxy");

        assertThat(said).containsExactly("52:54:00:00:00:06: UEFI, gets iPXE");
    }

    @Test
    void aMachineWithUefiThatWasImagedIsToldFromOneThatWasNot() throws IOException {
        Machines machines = new Machines(said::add, machine -> {});
        log = new DnsmasqLog(Rooms.loaders(folder, Rooms.IPXE, Rooms.SHIM, Rooms.GRUB), machines);
        ask("21", "00007", "DHCPDISCOVER(eth0) 52:54:00:00:00:01 ");
        machines.isDone(new HardwareAddress("52:54:00:00:00:01"));
        ask("22", "00007", "PXE(eth0) 10.77.0.101 52:54:00:00:00:01 shimx64.efi");

        assertThat(said)
                .containsExactly(
                        "52:54:00:00:00:01: UEFI, gets the live image",
                        "52:54:00:00:00:01: imaged",
                        "52:54:00:00:00:01: UEFI, was imaged, starts its own disk");
    }

    @Test
    void ipxeAndOtherClientsOfDhcpAreNoMachinesThatAsk() {
        log.onLine(HEAD + "14 vendor class: PXEClient:Arch:00000:UNDI:002001");
        log.onLine(HEAD + "14 user class: iPXE");
        log.onLine(HEAD + "14 DHCPDISCOVER(eth0) 52:54:00:00:00:04 ");
        log.onLine(HEAD + "15 vendor class: udhcp 1.35.0");
        log.onLine(HEAD + "15 DHCPDISCOVER(eth0) 52:54:00:00:00:05 ");
        log.onLine("dnsmasq-tftp[812]: sent /run/x/tftp/undionly.kpxe to 10.77.0.101");

        assertThat(said).isEmpty();
    }

    @Test
    void itsLastWordsAreWithoutDateAndName() {
        assertThat(DnsmasqLog.text("\ndnsmasq: failed to bind DHCP server socket: Address already in use".strip()))
                .isEqualTo("failed to bind DHCP server socket: Address already in use");
        assertThat(DnsmasqLog.text("Nov  3 01:02:03 dnsmasq[812]: exiting on receipt of SIGTERM"))
                .isEqualTo("exiting on receipt of SIGTERM");
    }
}
