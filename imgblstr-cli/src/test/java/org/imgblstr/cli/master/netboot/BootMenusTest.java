package org.imgblstr.cli.master.netboot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BootMenusTest {
    private static final HardwareAddress MACHINE = new HardwareAddress("52:54:00:aa:bb:cc");

    private final BootMenus menus = Rooms.menus("imgslave.disk=model=SSD 870", "imgslave.then=reboot");

    @Test
    void eachLoaderIsToldItsMachine() {
        String own = "BOOTIF=01-52-54-00-aa-bb-cc";
        String done = "imgslave.done=http://10.77.0.1/done/52-54-00-aa-bb-cc";

        assertThat(menus.ipxeLive(MACHINE))
                .startsWith("#!ipxe\n")
                .contains("\nkernel http://10.77.0.1/vmlinuz quiet loglevel=3 \"imgslave.disk=model=SSD 870\""
                        + " imgslave.then=reboot " + own + " " + done + " initrd=initrd.img\n")
                .endsWith("\ninitrd http://10.77.0.1/initrd.img\nboot\n");
        assertThat(menus.grub("10.77.0.1"))
                .startsWith("source (tftp,10.77.0.1)/imaged/$net_default_mac\n")
                .contains("\nlinux (tftp,10.77.0.1)/vmlinuz 'quiet' 'loglevel=3' 'imgslave.disk=model=SSD 870'"
                        + " 'imgslave.then=reboot' BOOTIF=01-$net_default_mac"
                        + " imgslave.done=http://10.77.0.1/done/$net_default_mac\n")
                .endsWith("\ninitrd (tftp,10.77.0.1)/initrd.img\nboot\n");
    }

    @Test
    void anotherPortStandsInEachAddress() {
        BootMenus other = new BootMenus("10.77.0.1:8080", new BootArguments(List.of()));

        assertThat(List.of(other.ipxeStart(), other.ipxeLive(MACHINE), other.grub("server")))
                .allSatisfy(
                        menu -> assertThat(menu.replace("10.77.0.1:8080", "")).doesNotContain("10.77"));
    }

    @Test
    void aHardwareAddressIsReadInEachForm() {
        assertThat(HardwareAddress.parse("52-54-00-AA-bb-cc")).contains(MACHINE);
        assertThat(HardwareAddress.parse("52:54:00:aa:bb:cc")).contains(MACHINE);
        assertThat(HardwareAddress.parse("52:54:00:aa:bb")).isEmpty();
        assertThat(HardwareAddress.parse("52:54:00:aa:bb:cc/..")).isEmpty();
        assertThat(HardwareAddress.parse("525400aabbcc")).isEmpty();
    }
}
