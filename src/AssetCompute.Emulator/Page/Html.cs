using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace AssetCompute.Emulator;

/// <summary>Writes HTML in which every value is encoded: what stands between braces can never become markup.</summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    public Html Add([InterpolatedStringHandlerArgument("")] ref Markup markup) => this;

    public override string ToString() => _text.ToString();

    /// <summary>Takes the literal parts of an interpolated string as markup and the rest as text.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private readonly StringBuilder _text;

        public Markup(int literalLength, int formattedCount, Html html) => _text = html._text;

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(string? text) => _text.Append(WebUtility.HtmlEncode(text));

        public void AppendFormatted(long number) => _text.Append(number);
    }
}
