using System.Text;

namespace AssetCompute.Emulator.Tests;

/// <summary>Writes single-page PDF files.</summary>
internal static class PdfFile
{
    public static byte[] Of(string text) => Of(Encoding.ASCII.GetBytes($"BT /F1 12 Tf 20 50 Td ({text}) Tj ET"));

    /// <param name="content">The page's drawing operations.</param>
    /// <param name="filter">The compression filter, such as <c>/FlateDecode</c>.</param>
    public static byte[] Of(byte[] content, string? filter = null)
    {
        using var pdf = new MemoryStream();
        var offsets = new List<long>();
        void Write(string text) => pdf.Write(Encoding.ASCII.GetBytes(text));
        void Object(Action write)
        {
            offsets.Add(pdf.Position);
            Write($"{offsets.Count} 0 obj\n");
            write();
            Write("\nendobj\n");
        }

        Write("%PDF-1.4\n");
        Object(() => Write("<< /Type /Catalog /Pages 2 0 R >>"));
        Object(() => Write("<< /Type /Pages /Kids [3 0 R] /Count 1 >>"));
        Object(() => Write("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"));
        Object(() =>
        {
            Write($"<< /Length {content.Length} {(filter is null ? "" : $"/Filter {filter} ")}>>\nstream\n");
            pdf.Write(content);
            Write("\nendstream");
        });
        Object(() => Write("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"));
        var start = pdf.Position;
        Write("xref\n0 6\n0000000000 65535 f \n");
        offsets.ForEach(offset => Write($"{offset:0000000000} 00000 n \n"));
        Write($"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
        return pdf.ToArray();
    }
}
