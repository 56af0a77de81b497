package io.penstock.transport;

import io.penstock.error.ApiException;
import io.penstock.http.RequestTarget;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The patterns of hosts that are reached without a proxy, see {@link ProxyOptions#withNoProxy}. */
final class NoProxy {

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    /** A name, or an IPv6 address in brackets, with a port. An address without brackets has more than one colon. */
    private static final Pattern WITH_PORT = Pattern.compile("(\\[[^\\]]*]|[^:]*):(\\d{1,5})");

    private NoProxy() {}

    /** Refuses a pattern that cannot match what it seems to. */
    static void check(String pattern) {
        Matcher port = WITH_PORT.matcher(pattern);
        String host = port.matches() ? port.group(1) : pattern;
        int slash = host.indexOf('/');
        int inner =
                host.length() < 2 ? -1 : host.substring(1, host.length() - 1).indexOf('*');
        String wrong = null;
        if (host.isBlank() || host.chars().anyMatch(c -> c <= ' ' || c == ',' || c == '|')) {
            wrong = "is empty or has a blank or a separator";
        } else if (inner >= 0 || (host.startsWith("=") && host.indexOf('*') >= 0)) {
            wrong = "has an asterisk in the middle";
        } else if (slash >= 0 && bits(host, slash) < 0) {
            wrong = "is no range of addresses";
        }
        if (wrong != null) {
            throw ApiException.invalidConfiguration("noProxy: " + RequestTarget.printable(pattern) + " " + wrong
                    + " (expected: a host, .suffix, *.suffix, prefix.*, =host, an address, address/bits, with or without"
                    + " :port, or *)");
        }
    }

    /** Returns whether one of the patterns matches. */
    static boolean matches(List<String> patterns, String host, int port) {
        String plain = unbracketed(host.toLowerCase(Locale.ROOT));
        String name = plain.endsWith(".") ? plain.substring(0, plain.length() - 1) : plain;
        byte[] address = address(name);
        for (String pattern : patterns) {
            Matcher withPort = WITH_PORT.matcher(pattern);
            boolean limited = withPort.matches();
            String wanted = unbracketed((limited ? withPort.group(1) : pattern).toLowerCase(Locale.ROOT));
            if ((!limited || Integer.parseInt(withPort.group(2)) == port) && matches(wanted, name, address)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String wanted, String name, byte @Nullable [] address) {
        if (wanted.startsWith("=")) {
            String alone = wanted.substring(1);
            return name.equals(alone) || (address != null && Arrays.equals(address, address(alone)));
        }
        if (wanted.indexOf('*') >= 0) {
            boolean from = wanted.startsWith("*");
            boolean to = wanted.endsWith("*") && wanted.length() > 1;
            String part = wanted.substring(from ? 1 : 0, wanted.length() - (to ? 1 : 0));
            if (from && to) {
                return name.contains(part);
            }
            return from ? name.endsWith(part) : name.startsWith(part);
        }
        int slash = wanted.indexOf('/');
        if (slash >= 0) {
            return address != null && inRange(address, wanted, slash);
        }
        if (address != null) {
            return Arrays.equals(address, address(wanted));
        }
        String suffix = wanted.startsWith(".") ? wanted.substring(1) : wanted;
        return name.equals(suffix) || name.endsWith("." + suffix);
    }

    private static boolean inRange(byte[] address, String range, int slash) {
        byte[] network = address(range.substring(0, slash));
        int bits = bits(range, slash);
        if (network == null || network.length != address.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i & 7);
            if (((network[i >> 3] ^ address[i >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns the number of bits of a range, or -1 if it is none. */
    private static int bits(String range, int slash) {
        byte[] network = address(range.substring(0, slash));
        String digits = range.substring(slash + 1);
        if (network == null || !digits.matches("\\d{1,3}")) {
            return -1;
        }
        int bits = Integer.parseInt(digits);
        return bits <= network.length * 8 ? bits : -1;
    }

    /** Returns the bytes of an address, or null for a name: no name is resolved here. */
    private static byte @Nullable [] address(String host) {
        boolean colon = host.indexOf(':') >= 0;
        if (!colon && !IPV4.matcher(host).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(colon ? "[" + host + "]" : host).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
