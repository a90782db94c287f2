package org.imgblstr.disk.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockDeviceTest {
    @ParameterizedTest(name = "U+{0}")
    @ValueSource(strings = {"0000", "001B", "000A", "007F", "0085", "009B", "202E", "2066", "2028", "200B"})
    void aModelOrSerialNumberLosesWhatATerminalObeys(String point) {
        String text = " SSD" + Character.toString(Integer.parseInt(point, 16)) + " 870 ";
        assertThat(BlockDevice.printable(text)).isEqualTo("SSD 870");
    }
}
