using System.Globalization;
using System.Text;

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>
/// A journal of any length, built from one page of prepared bytes. Only numbers change from page to page, so the server does almost no work
/// and no two events are equal.
/// </summary>
internal sealed class JournalPages
{
    public const int EventsPerPage = 500;

    /// <summary>The size of one entry in bytes, including its position.</summary>
    public const int EntryBytes = 1250;

    /// <summary>The number of consecutive events that belong to one request.</summary>
    public const int RenditionsPerRequest = 3;

    private const int Digits = 12;
    private const string Number = "000000000000";
    private static readonly byte[] s_head = """{"events":["""u8.ToArray();
    private static readonly byte[] s_tail = """],"_page":{"last":"penguin","count":500}}"""u8.ToArray();
    private readonly byte[] _entry;
    private readonly int _position;
    private readonly int _index;
    private readonly int[] _requestIds;

    public JournalPages()
    {
        string entry = Entry("");
        entry = Entry(new string('s', EntryBytes - 1 - entry.Length));
        _entry = Encoding.UTF8.GetBytes(entry);
        _position = entry.IndexOf("penguin:", StringComparison.Ordinal) + "penguin:4f6d2b0e-9a51-4c0b-8a7d-".Length;
        _index = entry.IndexOf("\"index\":", StringComparison.Ordinal) + "\"index\":".Length;
        int first = entry.IndexOf(RequestIdPrefix, StringComparison.Ordinal);
        int second = entry.IndexOf(RequestIdPrefix, first + 1, StringComparison.Ordinal);
        _requestIds = [first + RequestIdPrefix.Length, second + RequestIdPrefix.Length];
    }

    private static string RequestIdPrefix => "7c1f6a52-03de-4b68-9a44-";

    public static string RequestId(long number) => RequestIdPrefix + number.ToString(Number, CultureInfo.InvariantCulture);

    /// <summary>The position of an event, by its one-based number.</summary>
    public static string Position(long number) => $"penguin:4f6d2b0e-9a51-4c0b-8a7d-{number.ToString(Number, CultureInfo.InvariantCulture)}:c2a4";

    /// <summary>The page after the event with a number; empty at the end.</summary>
    public byte[] After(long number, long total)
    {
        int count = (int)Math.Min(EventsPerPage, total - number);
        if (count <= 0)
        {
            return [];
        }

        byte[] page = new byte[s_head.Length + (count * (EntryBytes)) - 1 + s_tail.Length];
        s_head.CopyTo(page, 0);
        int at = s_head.Length;
        for (int i = 0; i < count; i++)
        {
            if (i > 0)
            {
                page[at++] = (byte)',';
            }

            _entry.CopyTo(page, at);
            long zeroBased = number + i;
            Write(page, at + _position, zeroBased + 1);
            page[at + _index] = (byte)('0' + (zeroBased % RenditionsPerRequest));
            foreach (int requestId in _requestIds)
            {
                Write(page, at + requestId, zeroBased / RenditionsPerRequest);
            }

            at += _entry.Length;
        }

        s_tail.CopyTo(page, at);
        return page;
    }

    private static void Write(byte[] page, int at, long number)
    {
        for (int digit = Digits - 1; digit >= 0; digit--)
        {
            page[at + digit] = (byte)('0' + (number % 10));
            number /= 10;
        }
    }

    /// <summary>The fields in the order of Adobe's worker: first the fields of the event type, then the common fields.</summary>
    private static string Entry(string signature) =>
        $$$$$"""
        {"position":"{{{{{Position(0)}}}}}","event":{"rendition":{"name":"cq5dam.web.1280.1280.jpeg","fmt":"jpg","width":1280,"height":1280,"quality":85,
        "userData":{"path":"/content/dam/products/2026/autumn/photo.jpg","assetComputeClient":{"index":0,"length":3,"request":"{{{{{RequestId(0)}}}}}"}}},
        "metadata":{"repo:size":182733,"repo:sha1":"2fd4e1c67a2d28fced849ee1bb76e7391b93eb12","dc:format":"image/jpeg","tiff:imageWidth":1280,"tiff:imageHeight":853},
        "type":"rendition_created","date":"2026-11-22T10:15:30.123Z","requestId":"{{{{{RequestId(0)}}}}}",
        "source":"https://source.example/content/dam/products/2026/autumn/photo.jpg?sv=2026-02-06&se=2026-11-22T12%3A00%3A00Z&sr=b&sp=r&sig={{{{{signature}}}}}",
        "userData":{"tenant":"example","job":"nightly","asset":"urn:aaid:aem:5b7e11ef-8f2b-4250-96b3-9f479d3c5c1a","attempt":1,"dryRun":false,"assetComputeClient":{"id":"9d3c5c1a-5b7e-11ef-8f2b-325096b39f47"}}}}
        """.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
}
