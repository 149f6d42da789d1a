// Linked into every test program: its process has a folder of its own for temporary files, since several run at once and
// names repeat. testing::TempDir() asks the environment for it.

#include <cstdlib>
#include <filesystem>
#include <string>
#include <unistd.h>

namespace {

class OwnFolder {
public:
    OwnFolder() {
        auto name = (std::filesystem::temp_directory_path() / "ikescope-test-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) return;
        path_ = name;
        setenv("TEST_TMPDIR", path_.c_str(), 1);
    }
    ~OwnFolder() {
        std::error_code ignored;
        if (!path_.empty() && getpid() == owner_) std::filesystem::remove_all(path_, ignored);
    }
    OwnFolder(const OwnFolder&) = delete;
    OwnFolder& operator=(const OwnFolder&) = delete;

private:
    std::string path_;
    pid_t owner_ = getpid();
};

const OwnFolder folder;

} // namespace
