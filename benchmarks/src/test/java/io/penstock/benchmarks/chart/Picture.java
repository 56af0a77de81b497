package io.penstock.benchmarks.chart;

import java.awt.Font;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The texts of a chart as they appear on its page. */
record Picture(Rectangle2D page, List<Text> texts, List<Rectangle2D> bars, long penstockShapes) {

    /**
     * A text.
     *
     * @param ink the smallest rectangle around its glyphs
     * @param light whether it can be read on a bar, but not on the page
     * @param swatch the colour of the shape before it, which in a legend is the colour that it explains
     */
    record Text(
            String words,
            Rectangle2D ink,
            boolean light,
            @Nullable String swatch) {}

    /** The colour of Penstock as SVG names it. */
    static final String PENSTOCK = "rgb(0,114,178)";

    /** The mean of red, green and blue above which a colour is a background. */
    private static final int LIGHT = 215;

    private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);
    private static final Pattern SIZE = Pattern.compile("font-size:(\\d+)px");
    private static final Pattern COLOR = Pattern.compile("(?:fill|stroke):(rgb\\([\\d,]+\\))");
    private static final Pattern MATRIX = Pattern.compile("matrix\\((.*)\\)");

    static Picture read(Path svg) throws IOException {
        Element root;
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            root = factory.newDocumentBuilder().parse(svg.toFile()).getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(svg + ": not a picture", e);
        }
        List<Text> texts = new ArrayList<>();
        List<Rectangle2D> bars = new ArrayList<>();
        long shapes = 0;
        NodeList all = root.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            Element element = (Element) all.item(i);
            if (element.getTagName().equals("text")) {
                texts.add(text(element));
                continue;
            }
            if (element.getTagName().equals("rect") && element.hasAttribute("style") && !isLight(color(element))) {
                bars.add(new Rectangle2D.Double(
                        number(element, "x"),
                        number(element, "y"),
                        number(element, "width"),
                        number(element, "height")));
            }
            if (PENSTOCK.equals(color(element))) {
                shapes++;
            }
        }
        Rectangle2D page = new Rectangle2D.Double(0, 0, number(root, "width"), number(root, "height"));
        return new Picture(page, texts, bars, shapes);
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute).replace("px", ""));
    }

    private static Text text(Element element) {
        String style = element.getAttribute("style");
        Matcher size = SIZE.matcher(style);
        if (!size.find()) {
            throw new IllegalArgumentException("style: " + style + " (expected: a font size)");
        }
        Font font = new Font(
                Font.SANS_SERIF,
                style.contains("font-weight:bold") ? Font.BOLD : Font.PLAIN,
                Integer.parseInt(size.group(1)));
        Shape ink = font.createGlyphVector(CONTEXT, element.getTextContent())
                .getOutline((float) number(element, "x"), (float) number(element, "y"));
        Matcher matrix = MATRIX.matcher(((Element) element.getParentNode()).getAttribute("transform"));
        if (matrix.matches()) {
            double[] values = Pattern.compile("[ ,]+")
                    .splitAsStream(matrix.group(1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            ink = new AffineTransform(values).createTransformedShape(ink);
        }
        return new Text(element.getTextContent(), ink.getBounds2D(), isLight(color(element)), swatch(before(element)));
    }

    private static @Nullable Element before(Element element) {
        Node node = element.getPreviousSibling();
        while (node != null && !(node instanceof Element)) {
            node = node.getPreviousSibling();
        }
        return (Element) node;
    }

    private static @Nullable String swatch(@Nullable Element shape) {
        boolean drawn = shape != null
                && (shape.getTagName().equals("rect") || shape.getTagName().equals("path"));
        String color = drawn ? color(shape) : null;
        return isLight(color) ? null : color;
    }

    private static boolean isLight(@Nullable String color) {
        return color != null
                && Pattern.compile("\\D+")
                                .splitAsStream(color.substring(4))
                                .mapToInt(Integer::parseInt)
                                .average()
                                .orElseThrow()
                        > LIGHT;
    }

    private static @Nullable String color(@Nullable Element shape) {
        Matcher color = COLOR.matcher(shape == null ? "" : shape.getAttribute("style"));
        return color.find() ? color.group(1) : null;
    }

    /** Returns each pair of texts that cover each other. */
    List<String> overlaps() {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            for (Text other : texts.subList(i + 1, texts.size())) {
                if (texts.get(i).ink.intersects(other.ink)) {
                    found.add(texts.get(i).words + " | " + other.words);
                }
            }
        }
        return found;
    }

    /** Returns the texts that cannot be read: dark ones on a bar, and light ones beside all bars. */
    List<String> unreadable() {
        return texts.stream()
                .filter(text -> text.light
                        ? bars.stream().noneMatch(bar -> bar.contains(text.ink))
                        : bars.stream().anyMatch(bar -> bar.intersects(text.ink)))
                .map(Text::words)
                .toList();
    }

    /** Returns the texts of the legend, which follow a shape and are no values. */
    List<Text> legend() {
        return texts.stream()
                .filter(text -> text.swatch != null && !text.words.matches("[-\\d].*"))
                .toList();
    }
}
