using System.Globalization;
using System.Net;
using System.Text;
using AssetCompute.Client;

namespace Quickstart;

/// <summary>A page that shows the renditions side by side. It contains its images and loads nothing.</summary>
internal static class ReportPage
{
    public static string Create(QuickstartResult result)
    {
        // Replace all placeholders in one pass, so that a text that looks like a placeholder is not replaced.
        StringBuilder page = new();
        string[] parts = Resource("page.html").Split("{{");
        page.Append(parts[0]);
        foreach (string part in parts.Skip(1))
        {
            string[] nameAndRest = part.Split("}}", 2);
            page.Append(Value(nameAndRest[0], result)).Append(nameAndRest[1]);
        }

        return page.ToString();
    }

    private static string Value(string placeholder, QuickstartResult result) => placeholder switch
    {
        "photograph" => Escape(result.Photograph.Name),
        "style" => Resource("page.css").TrimEnd(),
        "summary" => Escape(Summary(result)),
        "renditions" => string.Join('\n', result.Renditions.Select(rendition => Card(rendition, result.Photograph.Name))),
        "requestId" => Escape(result.RequestId),
        "credit" => Credit(result.Photograph),
        _ => throw new InvalidOperationException($"The page has an unknown placeholder '{placeholder}'."),
    };

    private static string Summary(QuickstartResult result)
    {
        int created = result.Renditions.Count(rendition => rendition.Content is not null);
        int failed = result.Renditions.Count - created;
        int wrong = result.Renditions.Count(rendition => rendition.Problem is not null);
        return $"{created} created, {failed} failed; {(wrong == 0 ? "all as expected." : $"{wrong} not as expected.")}";
    }

    private static string Card(RenditionOutcome rendition, string photograph) =>
        $"""
        <li class="rendition">
        {Picture(rendition, photograph)}
        <div class="facts">
        <h2>{Title(rendition)} <span class="status {StatusClass(rendition)}">{StatusText(rendition)}</span></h2>
        <dl>
        {Facts(rendition)}
        </dl>
        </div>
        </li>
        """;

    private static string Picture(RenditionOutcome rendition, string photograph) => rendition switch
    {
        { Content: { } content, Metadata: { } metadata } =>
            $"""<div class="picture"><img src="data:{Escape(metadata.Format ?? "image/png")};base64,{Convert.ToBase64String(content)}" alt="{Escape($"{rendition.Name}, a rendition of {photograph}")}"></div>""",
        { Event: RenditionFailed failed } =>
            $"""<div class="picture none"><p><strong>{Escape(failed.Reason.Value)}</strong>{Escape(failed.Message ?? "")}</p></div>""",
        _ => """<div class="picture none"></div>""",
    };

    private static string Title(RenditionOutcome rendition) => rendition.Content is null
        ? $"<span>{Escape(rendition.Name)}</span>"
        : $"""<a href="{Escape(Uri.EscapeDataString(rendition.Name))}">{Escape(rendition.Name)}</a>""";

    private static string StatusText(RenditionOutcome rendition) =>
        rendition is { Event: RenditionFailed, Problem: null } ? "failed, as expected" : rendition.Status;

    private static string StatusClass(RenditionOutcome rendition) => rendition switch
    {
        { Problem: not null } => "bad",
        { Event: RenditionFailed } => "expected",
        _ => "good",
    };

    private static string Facts(RenditionOutcome rendition)
    {
        RenditionMetadata? metadata = rendition.Metadata;
        StringBuilder facts = new();
        Add("Pixels", metadata?.ImageWidth is null ? null : $"{metadata.ImageWidth} × {metadata.ImageHeight}");
        Add("Bytes", metadata?.Size?.ToString("N0", CultureInfo.InvariantCulture));
        Add("Format", metadata?.Format ?? rendition.Event.Rendition.Format?.Value);
        Add("SHA-1", metadata?.Sha1, "code");
        Add("Time", rendition.Elapsed.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture));
        Add("Problem", rendition.Content is null ? null : rendition.Problem, "strong");
        return facts.ToString().TrimEnd();

        void Add(string term, string? value, string? element = null)
        {
            if (value is not null)
            {
                string text = element is null ? Escape(value) : $"<{element}>{Escape(value)}</{element}>";
                facts.Append(CultureInfo.InvariantCulture, $"<dt>{term}</dt><dd>{text}</dd>\n");
            }
        }
    }

    private static string Credit(Photograph photograph) => photograph.IsShipped
        ? """<p>Photograph by Aitzol Berasategi, 2018, <a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>; scaled, and one rendition with a watermark.</p>"""
        : "";

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static string Resource(string name)
    {
        using Stream stream = typeof(ReportPage).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource '{name}' is missing.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
