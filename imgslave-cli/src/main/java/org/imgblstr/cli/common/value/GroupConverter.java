package org.imgblstr.cli.common.value;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.protocol.contract.PortRange;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code ADDR[:PORT]}: an IPv4 multicast address as numbers, no look-up of names. The port is 0 when none was named. */
public final class GroupConverter implements ITypeConverter<InetSocketAddress> {
    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,3}){3})(?::([0-9]{1,5}))?");

    @Override
    public InetSocketAddress convert(String value) {
        Matcher matcher = SHAPE.matcher(value);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + value + "' is no group: expected ADDR or ADDR:PORT");
        }
        InetAddress address = address(value, matcher.group(1));
        if (!address.isMulticastAddress()) {
            throw new TypeConversionException(
                    "'" + value + "' is not a multicast address: expected 224.0.0.0 to 239.255.255.255");
        }
        int port = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        if (matcher.group(2) != null && (port < 1 || port > PortRange.MAX_PORT)) {
            throw new TypeConversionException("'" + value + "' has no valid port: expected 1 to 65535");
        }
        return new InetSocketAddress(address, port);
    }

    private static InetAddress address(String value, String numbers) {
        String[] parts = numbers.split("\\.", -1);
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            int part = Integer.parseInt(parts[i]);
            if (part > 255) {
                throw new TypeConversionException("'" + value + "' is no address: " + part + " is above 255");
            }
            bytes[i] = (byte) part;
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are always an IPv4 address", e);
        }
    }
}
