using System.Text;

namespace AssetCompute.Client.Tests.Journal;

public sealed class JournalEntryTests
{
    [Theory]
    [InlineData("""{"specversion":"1.0","id":"e-1","source":"urn:s","type":"t"}""", "urn:s e-1")]
    [InlineData("""{"@id":"urn:uuid:1","@type":"xdmCreated"}""", "urn:uuid:1")]
    [InlineData("""{"type":"rendition_created","requestId":"r-1"}""", "position:p1")]
    [InlineData("""{"id":"\ud800"}""", "position:p1")]
    public void Id_IsThatOfTheEventOrItsPosition(string json, string expected) =>
        Assert.Equal(expected, new JournalEntry(JournalPosition.After("p1"), Encoding.UTF8.GetBytes(json)).Id);

    [Fact]
    public void Id_WithoutAPosition_IsAHashOfTheBytes()
    {
        static string IdOf(string json) => new JournalEntry(default, Encoding.UTF8.GetBytes(json)).Id;

        Assert.Equal(IdOf("""{"a":1}"""), IdOf("""{"a":1}"""));
        Assert.NotEqual(IdOf("""{"a":1}"""), IdOf("""{"a":2}"""));
        Assert.StartsWith("sha256:", IdOf("""{"a":1}"""), StringComparison.Ordinal);
    }
}
