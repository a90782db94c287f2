package org.imgblstr.cli.common.identity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.protocol.contract.ExpectedSlaves;
import org.imgblstr.protocol.contract.PlainText;

/** A file with a line {@code LABEL = NAME} or {@code MAC = NAME} for each machine. Source: docs/identity.md, section 5. */
final class HostNameList implements HostNames {
    private static final int MOST_BYTES = 4 << 20;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final String file;
    private final Map<String, String> names;

    private HostNameList(String file, Map<String, String> names) {
        this.file = file;
        this.names = names;
    }

    static HostNameList read(Path file) {
        String name = PlainText.of(file.toString());
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw CliException.usage("--hostname: the list of names is too long: " + name + " has more than "
                        + (MOST_BYTES >> 20) + " MiB");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return parse(
                    name,
                    (text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text)
                            .lines()
                            .toList());
        } catch (CharacterCodingException e) {
            throw CliException.usage("--hostname: the list of names cannot be read: " + name
                    + " is not in UTF-8; save the file as UTF-8");
        } catch (IOException e) {
            throw CliException.usage("--hostname: the list of names cannot be read: " + Failures.message(e));
        }
    }

    /** {@code file}: its name, for messages. */
    static HostNameList parse(String file, List<String> lines) {
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("#.*", "").strip();
            int equals = line.lastIndexOf('=');
            String key =
                    ExpectedSlaves.key(line.substring(0, Math.max(0, equals)).strip());
            String name = line.substring(equals + 1).strip();
            if (line.isEmpty()) {
                continue;
            }
            if (key.isEmpty() || !HostNames.isValid(name)) {
                throw CliException.usage("--hostname: " + file + ", line " + (i + 1)
                        + ": expected LABEL = NAME or MAC = NAME with a host name, found '" + PlainText.of(line) + "'");
            }
            if (names.put(key, name) != null) {
                throw CliException.usage("--hostname: " + file + ", line " + (i + 1) + ": '" + PlainText.of(key)
                        + "' stands in an earlier line too");
            }
        }
        return new HostNameList(file, names);
    }

    @Override
    public String of(Machine machine) throws ToolException {
        return name(machine).orElseThrow(() -> new ToolException("the host name is not known: " + stranger(machine)));
    }

    private Optional<String> name(Machine machine) {
        return Stream.of(machine.mac(), machine.label())
                .map(ExpectedSlaves::key)
                .filter(key -> !key.isEmpty())
                .map(names::get)
                .filter(name -> name != null)
                .findFirst();
    }

    private String stranger(Machine machine) {
        return file + " has neither the label " + PlainText.of(machine.label())
                + (machine.mac().isEmpty() ? "" : " nor the hardware address " + machine.mac());
    }

    @Override
    public void check(Machine machine) {
        if (!machine.mac().isEmpty() && name(machine).isEmpty()) {
            throw CliException.usage("--hostname: the list has no name for this machine: " + stranger(machine));
        }
    }
}
