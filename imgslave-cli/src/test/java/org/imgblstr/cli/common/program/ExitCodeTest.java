package org.imgblstr.cli.common.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
    private static final Pattern ROW = Pattern.compile("^\\| (\\d+) \\| ([A-Z_]+) \\|", Pattern.MULTILINE);

    @Test
    void theConstantsAreThoseOfTheManual() throws IOException, IllegalAccessException {
        Map<Integer, String> documented = new TreeMap<>();
        Matcher matcher = ROW.matcher(Files.readString(Path.of("../docs/exit-codes.md")));
        while (matcher.find()) {
            documented.put(Integer.parseInt(matcher.group(1)), matcher.group(2));
        }
        Map<Integer, String> constants = new TreeMap<>();
        for (Field field : ExitCode.class.getFields()) {
            constants.put(field.getInt(null), field.getName());
        }
        assertThat(constants).isEqualTo(documented).hasSize(13);
    }
}
