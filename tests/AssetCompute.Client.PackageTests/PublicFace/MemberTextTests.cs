namespace AssetCompute.Client.PackageTests.PublicFace;

public class MemberTextTests
{
    [Fact]
    public void Of_GenericMethods_SaysEveryConstraint() =>
        Assert.Equal(
            [
                "abstract void Any<T>()",
                "abstract void Class<T: class>()",
                "abstract void Made<T: class & System.IDisposable & new()>()",
                "abstract void NotNull<T: notnull>()",
                "abstract void Of<T: System.IDisposable, TOther: notnull>()",
                "abstract void Struct<T: struct>()",
            ],
            MemberText.Of(typeof(Constraints)).Where(line => !line.Contains(".ctor", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    private abstract class Constraints
    {
        public abstract void Any<T>();

        public abstract void Class<T>()
            where T : class;

        public abstract void Made<T>()
            where T : class, IDisposable, new();

        public abstract void NotNull<T>()
            where T : notnull;

        public abstract void Of<T, TOther>()
            where T : IDisposable
            where TOther : notnull;

        public abstract void Struct<T>()
            where T : struct;
    }
}
