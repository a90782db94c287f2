package org.imgblstr.cli.common.value;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.protocol.contract.PortRange;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code A[:B]}: the port of both groups, and the port where the master hears. */
public final class PortsConverter implements ITypeConverter<Ports> {
    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,5})(?::([0-9]{1,5}))?");

    @Override
    public Ports convert(String value) {
        Matcher matcher = SHAPE.matcher(value);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + value + "' is no list of ports: expected A or A:B");
        }
        int groups = port(value, matcher.group(1));
        return new Ports(groups, matcher.group(2) == null ? 0 : port(value, matcher.group(2)));
    }

    private static int port(String value, String number) {
        int port = Integer.parseInt(number);
        if (port < 1 || port > PortRange.MAX_PORT) {
            throw new TypeConversionException(
                    "'" + value + "' has no valid port: expected 1 to " + PortRange.MAX_PORT + ", found " + number);
        }
        return port;
    }
}
