package org.imgblstr.cli.master.netboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.imgblstr.cli.common.program.CliException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
    @ParameterizedTest
    @ValueSource(strings = {"10.77.0.100,10.77.0.150", "10.77.0.100-10.77.0.150", "10.77.0.100, 10.77.0.150"})
    void bothFormsMeanTheSame(String text) {
        AddressRange range = AddressRange.parse(text, Rooms.NETWORK);

        assertThat(range).hasToString("10.77.0.100 to 10.77.0.150");
        assertThat(range.last() - range.first()).isEqualTo(50);
    }

    @Test
    void oneAddressIsARange() {
        assertThat(AddressRange.parse("10.77.0.254,10.77.0.254", Rooms.NETWORK))
                .hasToString("10.77.0.254 to 10.77.0.254");
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "10.77.0.100 | two IPv4 addresses",
                "10.77.0.100,10.77.0.150,1h | two IPv4 addresses",
                "10.77.0.100,10.77.0.256 | two IPv4 addresses",
                "10.77.0.100,host | two IPv4 addresses",
                "10.77.0.100,fe80::1 | two IPv4 addresses",
                "10.78.0.100,10.78.0.150 | expected addresses from 10.77.0.1 to 10.77.0.254, found 10.78.0.100 to 10.78.0.150",
                "10.76.0.100,10.77.0.150 | is not in the network of eth0",
                "10.77.0.100,10.77.0.255 | is not in the network of eth0",
                "10.77.0.0,10.77.0.10 | is not in the network of eth0",
                "10.77.0.150,10.77.0.100 | the range ends before it begins",
                "10.77.0.1,10.77.0.100 | the range holds 10.77.0.1",
            })
    void whatMachinesCannotBeGivenIsRefused(String text, String why) {
        assertThatThrownBy(() -> AddressRange.parse(text, Rooms.NETWORK))
                .isInstanceOfSatisfying(
                        CliException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
                .hasMessageStartingWith("--dhcp: ")
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({
        "192.168.7.200,22,192.168.4.0,192.168.7.255,255.255.252.0",
        "255.255.255.250,30,255.255.255.248,255.255.255.251,255.255.255.252",
        "10.1.2.3,8,10.0.0.0,10.255.255.255,255.0.0.0"
    })
    void aNetworkHasItsEndsAndItsMask(String address, int prefix, String first, String last, String mask) {
        BootNetwork network = Rooms.network(address, prefix);

        assertThat(Ipv4.text(network.first())).isEqualTo(first);
        assertThat(Ipv4.text(network.last())).isEqualTo(last);
        assertThat(Ipv4.text(network.mask())).isEqualTo(mask);
        assertThat(network.describe()).isEqualTo(first + "/" + prefix);
    }
}
