( sleep 0.05; touch ready ) & for i in $(seq 1 100); do [ -e ready ] && break; sleep 0.01; done; [ -e ready ] && echo "ready"; wait
